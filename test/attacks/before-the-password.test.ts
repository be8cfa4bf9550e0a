import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WRONG } from '../gateway/ispconfig/person.js';
import type { Reply } from '../support/panel-client.js';
import type { Box, Name, Site } from './site.js';
import { startSites } from './sites.js';

const ROUNDS = 15;
/** Generous: others share the machine, and all sides of a comparison are measured in turns. */
const FACTOR = 1.5;
const SLACK_MILLISECONDS = 4;

/** Who is tried, by what nobody may learn of him; `undefined` is a name that the panel does not know. */
type Tried = Readonly<Record<string, Name | Box | undefined>>;
const USERS: Tried = {
  'with 2FA': 'client1',
  'without 2FA': 'client2',
  locked: 'reseller1',
  unknown: undefined,
};
const BOXES: Tried = { 'with 2FA': 'second', 'without 2FA': 'mbox' };
const NOBODY = 'nobody9';

/** All that a client sees of an answer, without what names the account or differs from one second to the next. */
function seen({ status, headers, body }: Reply, name: string): string {
  const kept = [...headers].filter(([header]) => !['date', 'set-cookie', 'content-length'].includes(header));
  return JSON.stringify([status, kept, headers.has('set-cookie'), body.replaceAll(name, 'NAME')]);
}

/** Wrong passwords for each of them in turns: what is seen, and how long each took. */
async function compare(site: Site, tried: Tried) {
  const kinds = Object.keys(tried);
  const texts = new Set<string>();
  const times = new Map<string, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    // Who is first changes, so that a slow moment of the machine hits all.
    for (const index of kinds.keys()) {
      const kind = kinds[(index + round) % kinds.length] as string;
      const somebody = site.person(tried[kind] ?? 'client1');
      const username = tried[kind] === undefined ? NOBODY : somebody.account.name;
      const page = await somebody.get(somebody.ways.login);
      const begin = performance.now();
      const reply = await somebody.submit(page, { username, password: 'wrong-password' });
      times.get(kind)?.push(performance.now() - begin);
      texts.add(seen(reply, username));
    }
  }
  return { texts, times };
}

function assertSameTime(times: ReadonlyMap<string, number[]>, say: (text: string) => void): void {
  const told = [...times].map(([kind, values]) => `${kind} ${quick(values).toFixed(1)} ms`).join(', ');
  say(told);
  const all = [...times.values()].map(quick);
  assert.ok(Math.max(...all) <= Math.min(...all) * FACTOR + SLACK_MILLISECONDS, told);
}

/** What a quarter of them is faster than: what else the machine does only adds. */
function quick(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}

for (const site of await startSites()) {
  await site.person('client1').enrol();
  await site.person('second').enrol();
  await site.person('reseller1').enrol();
  for (let login = 1; login <= 2; login += 1) {
    const guesser = await site.person('reseller1').wait();
    for (let wrong = 1; wrong <= 5; wrong += 1) await guesser.giveCode(WRONG);
  }
  // The same kind of hash for all: the panel's own work is not what is compared.
  for (const name of ['client1', 'client2', 'reseller1'] as const)
    await site.changePassword(name, site.person(name).password);

  test(`A35 ${site.name}: before the password is right nothing tells a user with 2FA, without, locked or unknown`, async (t) => {
    const { texts, times } = await compare(site, USERS);
    assert.equal(texts.size, 1, [...texts].join('\n'));
    // The panel behind the gateway hashes nothing for a name that it does not know; no gateway can hide that.
    if (site.name === 'gateway') times.delete('unknown');
    assertSameTime(times, (text) => t.diagnostic(text));
  });

  test(`A35 ${site.name}: nor a mail user with 2FA from one without`, async (t) => {
    const { texts, times } = await compare(site, BOXES);
    assert.equal(texts.size, 1, [...texts].join('\n'));
    // Two kinds of hashes, in the panel behind the gateway.
    if (site.name === 'demo') assertSameTime(times, (text) => t.diagnostic(text));
  });

  test(`A35 ${site.name}: with the right password they do differ (control)`, async () => {
    const landed = async (name: Name) => {
      const somebody = site.person(name);
      await somebody.logIn();
      return (await somebody.get(somebody.ways.home)).location;
    };
    assert.deepEqual(await Promise.all([landed('client1'), landed('client2')]), ['/2fa/login', undefined]);
    const locked = await (await site.person('reseller1').wait()).get('/2fa/login');
    assert.match(locked.body, /Too many wrong codes/, 'the locked one is');
  });
}
