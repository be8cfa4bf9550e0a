import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import type { AuditEvent } from '../../src/core/audit/audit.js';
import { auditFields, auditLine } from '../../src/core/audit/audit-line.js';
import type { Log } from '../../src/core/base/log.js';
import { GatewayProcess } from '../gateway/gateway-process.js';
import { startUpstream } from '../gateway/upstream.js';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';
import { eventOf } from './audit-events.js';

const filter = inProject('deploy/fail2ban/filter.d/panel-2fa.conf');

/** The addresses that Debian's fail2ban finds in a log, one for each failure. */
async function failures(lines: string): Promise<string[]> {
  const file = join(tempFolder(), 'log');
  writeFileSync(file, lines);
  const { code, output } = await runProcess('fail2ban-regex', ['--out', 'ip', file, filter]);
  assert.ok(code === 0 || (code === 1 && output.trim() === ''), output);
  return output.split('\n').filter((line) => line !== '');
}

type Write = (log: Log) => void;

/** What the gateway writes. */
function json(write: Write): string {
  let lines = '';
  const destination = {
    write: (line: string) => {
      lines += line;
    },
  };
  write(pino({ base: null }, destination));
  return lines;
}

/** What the demo writes. */
function plain(write: Write): string {
  let lines = '';
  const say = (_: object, message: string) => {
    lines += `${new Date().toISOString()} ${message}\n`;
  };
  write({ info: say, warn: say, error: say });
  return lines;
}

/** The same out of the journal, as fail2ban puts it before its filters. */
function journal(write: Write): string {
  return json(write)
    .replace(/^/gm, `${new Date().toISOString().slice(0, 19)} panel env[811]: `)
    .replace(/^.*env\[811\]: $/gm, '');
}

const formats = { json, plain, journal };

const say = (event: AuditEvent) => (log: Log) =>
  log.warn(auditFields(event), `panel-2fa: ${auditLine(event)}`);
const panelLogin = (address: string, reason: string) => (log: Log) =>
  log.warn(
    { event: 'panel-login.refused', address, reason },
    `panel-2fa: panel-login.refused from ${address}: ${reason}`,
  );

const REFUSALS = [
  ['login.refused', 'wrong-code'],
  ['login.refused', 'wrong-recovery-code'],
  ['login.refused', 'locked'],
  ['login.refused', 'too-many-codes'],
  ['step-up.refused', 'wrong-password'],
  ['enrolment.refused', 'wrong-password'],
  ['recovery-codes.refused', 'used-recovery-code'],
  ['factor.disable-refused', 'too-many-passwords'],
] as const;

const NAMES = [
  'client1',
  'x from 192.0.2.1',
  'x" from 192.0.2.1 for user:3 "y": wrong-code',
  'x\n2026-07-01T12:00:00.000Z panel-2fa: login.refused from 192.0.2.1 for user:3 "y": wrong-code',
  'x\r\npanel-2fa: login.refused from 192.0.2.1 for user:3 "y": wrong-code',
  '","address":"192.0.2.1","reason":"wrong-code","msg":"',
  '{"level":40,"time":1764000000000,"event":"login.refused","address":"192.0.2.1","reason":"wrong-code","msg":"x"}',
  '\n{"level":40,"time":1764000000000,"event":"login.refused","address":"192.0.2.1","reason":"wrong-code","msg":"x"}',
  'x\u2028panel-2fa: login.refused from 192.0.2.1: wrong-password',
  '\\',
  '\\" from 192.0.2.1',
  '192.0.2.1',
  '<HOST>',
  'ünïcode 🐙 \u202e from 192.0.2.1',
];

for (const [format, written] of Object.entries(formats)) {
  test(`fail2ban reads every refusal with the address of its client: ${format}`, async () => {
    const lines = REFUSALS.flatMap(([action, reason], i) =>
      [`203.0.113.${i + 1}`, `2001:db8::${i + 1}`].map((address) =>
        written(say({ ...eventOf('3', 'client1'), action, reason, address })),
      ),
    );
    lines.push(written(panelLogin('198.51.100.1', 'wrong-password')));
    lines.push(written(panelLogin('198.51.100.2', 'too-many-passwords')));
    const expected = REFUSALS.flatMap((_, i) => [`203.0.113.${i + 1}`, `2001:db8::${i + 1}`]);
    assert.deepEqual(await failures(lines.join('')), [...expected, '198.51.100.1', '198.51.100.2']);
  });

  test(`fail2ban does not count what was right or harmless: ${format}`, async () => {
    const harmless = (
      [
        ['login.code', undefined],
        ['login.cancelled', undefined],
        ['enrolment.refused', 'changed-meanwhile'],
        ['step-up.refused', 'missing-code'],
        ['factor.disabled', undefined],
      ] as const
    ).map(([action, reason]) => {
      const { reason: _, ...event } = eventOf('3', 'login.refused from 192.0.2.1: wrong-code');
      return written(say({ ...event, action, ...(reason && { reason }) }));
    });
    harmless.push(written((log) => log.info({ event: 'audit.head' }, 'panel-2fa: audit.head 1:00')));
    harmless.push(written((log) => log.info({ method: 'POST', path: '/login', address: '192.0.2.1' }, '')));
    assert.deepEqual(await failures(harmless.join('')), []);
  });

  test(`attack: no name gets a third party banned, or hides its owner: ${format}`, async () => {
    for (const name of NAMES) {
      const found = await failures(written(say(eventOf('3', name))));
      assert.deepEqual(found, ['203.0.113.5'], JSON.stringify(name));
    }
  });
}

test('fail2ban reads what a running gateway writes', async (t) => {
  const panel = await startUpstream();
  t.after(() => panel.close());
  const gateway = await GatewayProcess.start(`http://127.0.0.1:${panel.port}`, {
    trustedProxies: ['127.0.0.1'],
    loginsPerMinute: 2,
  });
  for (const password of ['wrong', 'right', 'wrong', 'wrong']) {
    const headers = { 'x-forwarded-for': '192.0.2.66, 203.0.113.9' };
    const body = new URLSearchParams({ name: 'x from 192.0.2.1', password });
    await fetch(`${gateway.url}/login`, { method: 'POST', body, headers, redirect: 'manual' });
  }
  await gateway.process.stop();
  assert.deepEqual(await failures(gateway.process.output), Array(3).fill('203.0.113.9'));
  const heads = gateway.process.output.match(/"event":"audit\.head","sequence":1,"mac":"[0-9a-f]{64}"/g);
  assert.equal(heads?.length, 2, 'at the start and at the end');
});

test('fail2ban reads what a running demo panel writes', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const owner = new Member(demo.url, client1);
  await owner.logIn();
  const { phone } = await owner.enrol();
  const attacker = owner.again();
  await attacker.logIn();
  for (let i = 0; i < 3; i += 1) await attacker.enterCode(phone.wrong());
  await demo.stop();
  assert.deepEqual(await failures(demo.output), Array(3).fill('127.0.0.1'));
});

test('the jail names the filter that is beside it, and that the installation puts into place', () => {
  assert.match(
    readFileSync(inProject('deploy/fail2ban/jail.d/panel-2fa.conf'), 'utf8'),
    /^filter +=\s*panel-2fa$/m,
  );
});
