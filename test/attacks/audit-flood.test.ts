import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Person, WRONG } from '../gateway/ispconfig/person.js';
import type { Site } from './site.js';
import { startSites } from './sites.js';

const TIMES = 50;
/** 40 of an action in an hour, and the row that says more were left out. */
const MOST_ROWS = 41;

async function rowsOf(site: Site, action: string, reason?: string): Promise<number> {
  const why = reason === undefined ? '' : ` AND reason = '${reason}'`;
  const [row] = await site.sql(`SELECT COUNT(*) AS n FROM twofa_audit WHERE action = '${action}'${why}`);
  return Number(row?.n);
}

const floods: readonly (readonly [
  name: string,
  prepare: (somebody: Person) => Promise<unknown>,
  again: (somebody: Person) => Promise<unknown>,
  action: string,
])[] = [
  [
    'begins and abandons',
    (somebody) => somebody.logIn(),
    async (somebody) => {
      await somebody.act('begin', {});
      await somebody.act('abandon', {});
    },
    'enrolment.begun',
  ],
  [
    'turns off with no password',
    (somebody) => somebody.enrol(),
    (somebody) => somebody.act('save', { twofa_mode: 'none', twofa_password: '', twofa_confirm: '' }),
    'factor.disable-refused',
  ],
];

for (const site of await startSites()) {
  for (const [index, [name, prepare, again, action]] of floods.entries()) {
    test(`A55 ${site.name}: somebody ${name} fifty times, and the audit log has 41 rows of it at most`, async () => {
      // Each flood spends what one account may do in an hour.
      const somebody = site.person(index === 0 ? 'client1' : 'reseller1');
      await prepare(somebody);
      for (let act = 0; act < TIMES; act += 1) await again(somebody);
      const rows = await rowsOf(site, action);
      assert.ok(rows >= 20 && rows < MOST_ROWS, `${rows} rows`);
      assert.ok(rows + (await rowsOf(site, 'audit.thinned', action)) <= MOST_ROWS);
    });
  }

  test(`A55 ${site.name}: answers of a lock are one row, and a line each in the log of the process`, async () => {
    await site.person('client2').enrol();
    for (const tries of [5, 5]) {
      const guesser = await site.person('client2').wait();
      for (let guess = 0; guess < tries; guess += 1) await guesser.giveCode(WRONG);
    }
    const locked = await site.person('client2').wait();
    for (let guess = 0; guess < 10; guess += 1) assert.equal((await locked.giveCode(WRONG)).status, 429);
    assert.equal(await rowsOf(site, 'login.refused', 'locked'), 1);
    assert.equal(await rowsOf(site, 'login.refused', 'wrong-code'), 10);
    await site.said(/(?:login\.refused[\s\S]*?locked[\s\S]*){10}/);
  });
}
