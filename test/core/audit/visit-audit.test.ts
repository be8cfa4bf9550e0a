import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../src/core/account/account.js';
import type { AuditEvent } from '../../../src/core/audit/audit.js';
import { AuditHeads } from '../../../src/core/audit/audit-heads.js';
import { VisitAudit } from '../../../src/core/audit/visit.js';
import type { Log } from '../../../src/core/base/log.js';

const account: Account = { realm: 'user', id: '3', name: 'client1', role: 'client' };
const session = { id: 's', start: 1, account, actor: account };
const visit = { session, address: '203.0.113.5', client: '203.0.113.5' };

/** A log that fails from the n-th event on, and what was written to it and to the process's log, in order. */
function setUp(failsFrom = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  const stored: AuditEvent[] = [];
  const audit = {
    record: async (event: AuditEvent) => {
      if (stored.length + 1 >= failsFrom) throw new Error('full');
      stored.push(event);
      said.push(`stored ${event.action}`);
    },
    head: async () => ({ sequence: stored.length, mac: 'm' }),
  };
  const log: Log = {
    info: (_, message) => void said.push(`info ${message}`),
    warn: (_, message) => void said.push(`warn ${message}`),
    error: (_, message) => void said.push(`error ${message}`),
  };
  return { said, stored, audit, log, visits: new VisitAudit(audit, () => 7, log) };
}

const LINE = 'from 203.0.113.5 for user:3 "client1"';

test('what is refused is a warning, the rest is not', async () => {
  const { visits, said, stored } = setUp();
  await visits.record(visit, 'login.refused', { reason: 'wrong-code' });
  await visits.record(visit, 'login.code');
  assert.deepEqual(said, [
    `warn panel-2fa: login.refused ${LINE}: wrong-code`,
    'stored login.refused',
    'stored login.code',
    `info panel-2fa: login.code ${LINE}`,
  ]);
  assert.deepEqual(stored[1], {
    action: 'login.code',
    actor: { realm: 'user', id: '3' },
    account: { realm: 'user', id: '3' },
    accountName: 'client1',
    address: '203.0.113.5',
    at: 7,
  });
});

test('an event that cannot be stored stands in the log whole, and fails', async () => {
  const { visits, said } = setUp(1);
  await assert.rejects(visits.record(visit, 'login.code'), /full/);
  assert.deepEqual(said, [`error panel-2fa: audit.not-stored: login.code ${LINE}`]);
  said.length = 0;
  await assert.rejects(visits.record(visit, 'login.refused'), /full/);
  assert.deepEqual(said, [
    `warn panel-2fa: login.refused ${LINE}`,
    `error panel-2fa: audit.not-stored: login.refused ${LINE}`,
  ]);
});

test('a change is written down before it is made, and after', async () => {
  const { visits, said, stored } = setUp();
  const made = await visits.change(visit, 'factor.disabled', async () => {
    said.push('made');
    return true;
  });
  assert.equal(made, true);
  assert.deepEqual(said, [
    'stored change.begun',
    'made',
    'stored factor.disabled',
    `info panel-2fa: factor.disabled ${LINE}`,
  ]);
  assert.equal(stored[0]?.reason, 'factor.disabled');
});

test('without its begin in the audit log nothing is changed', async () => {
  const { visits, said } = setUp(1);
  await assert.rejects(
    visits.change(visit, 'factor.disabled', () => assert.fail('changed')),
    /full/,
  );
  assert.deepEqual(said, []);
});

test('a change that is made is told, though only its begin could be stored', async () => {
  const { visits, said } = setUp(2);
  assert.equal(await visits.change(visit, 'factor.disabled', async () => true), true);
  assert.equal(said.at(-1), `error panel-2fa: audit.not-stored: factor.disabled ${LINE}`);
});

test('a change that somebody else was first to make has a begin only', async () => {
  const { visits, stored } = setUp();
  assert.equal(await visits.change(visit, 'factor.disabled', async () => false), false);
  assert.deepEqual(
    stored.map(({ action }) => action),
    ['change.begun'],
  );
});

test('the head is told at the start, each hour and at the end', async () => {
  const { audit, log, said } = setUp();
  const heads = await AuditHeads.start(audit, log, 20);
  const alive = setInterval(() => undefined, 1_000);
  while (said.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await audit.record({} as AuditEvent);
  await heads.stop();
  clearInterval(alive);
  assert.equal(said[0], 'info panel-2fa: audit.head 0:m');
  assert.equal(said.at(-1), 'info panel-2fa: audit.head 1:m');
});

test('a head that cannot be read stops the start, and not the end', async () => {
  const { log, said } = setUp();
  const fails = { head: () => Promise.reject(new Error('gone')) };
  await assert.rejects(AuditHeads.start(fails, log), /gone/);
  let broken = false;
  const later = { head: async () => (broken ? assert.fail('gone') : { sequence: 1, mac: 'm' }) };
  const heads = await AuditHeads.start(later, log);
  broken = true;
  await heads.stop();
  assert.equal(said.at(-1), 'error panel-2fa: the audit log cannot be read');
});
