import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1, client2, mbox, type Person, second } from '../support/demo-people.js';
import type { Reply } from '../support/panel-client.js';

const ROUNDS = 25;
/** Generous: other tests share the machine, and both sides of a pair are measured in turns. */
const FACTOR = 1.5;
const SLACK_MILLISECONDS = 3;

let demo: Demo;

before(async () => {
  demo = await Demo.start();
  for (const person of [client1, second]) {
    const owner = new Member(demo.url, person);
    await owner.logIn();
    await owner.enrol();
  }
});
after(() => demo.stop());

/** All that a client sees of an answer, without what names the account or differs from one second to the next. */
function seen({ status, headers, body }: Reply, name: string): string {
  const kept = [...headers].filter(([header]) => !['date', 'set-cookie', 'content-length'].includes(header));
  return JSON.stringify([
    status,
    kept,
    [...headers.keys()].includes('set-cookie'),
    body.replaceAll(name, 'NAME'),
  ]);
}

const pairs: readonly (readonly [kind: string, withFactor: Person, without: Person])[] = [
  ['user', client1, client2],
  ['mail user', second, mbox],
];

for (const [kind, withFactor, without] of pairs) {
  test(`attack: before the password is right nothing tells whether a ${kind} has 2FA`, async (t) => {
    const times: [number[], number[]] = [[], []];
    const texts = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      // Who is first changes, so that a slow moment of the machine hits both.
      for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const { name } = side === 0 ? withFactor : without;
        const client = new Member(demo.url, withFactor);
        const begin = performance.now();
        const reply = await client.post('/login', { username: name, password: 'wrong-password', next: '' });
        times[side].push(performance.now() - begin);
        texts.add(seen(reply, name));
      }
    }
    assert.equal(texts.size, 1, [...texts].join('\n'));
    const [one, other] = times.map(median) as [number, number];
    t.diagnostic(`medians ${one.toFixed(1)} ms with 2FA, ${other.toFixed(1)} ms without`);
    const [fast, slow] = [Math.min(one, other), Math.max(one, other)];
    assert.ok(slow <= fast * FACTOR + SLACK_MILLISECONDS, `${one} ms and ${other} ms`);
  });
}

test('with the right password the two do differ (control)', async () => {
  const [has, hasNot] = await Promise.all(
    [client1, client2].map(async (person) => (await new Member(demo.url, person).logIn()).path),
  );
  assert.equal(has, '/2fa/login');
  assert.equal(hasNot, '/');
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
