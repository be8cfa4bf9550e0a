import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lane } from '../../../src/core/base/lane.js';

const BOUNDS = { atOnce: 1, places: 8, perAccount: 2, perClient: 4 };
const taken = (lane: Lane, ...askers: [account: string, client: string][]) =>
  askers.map(([account, client]) => lane.take({ account, client }) !== undefined);

test('no account and no client holds more than its part, and nobody more than all', () => {
  const one = new Lane(BOUNDS);
  assert.deepEqual(taken(one, ['a', '1'], ['a', '2'], ['a', '3'], ['b', '3']), [true, true, false, true]);
  const office = new Lane(BOUNDS);
  const people = 'abcdef'.split('').map((name): [string, string] => [name, '1']);
  assert.deepEqual(taken(office, ...people), [true, true, true, true, false, false]);
  assert.deepEqual(taken(office, ['g', '2']), [true], 'another client');
  const full = new Lane(BOUNDS);
  const crowd = Array.from({ length: 9 }, (_, index): [string, string] => [`a${index}`, `${index}`]);
  assert.deepEqual(taken(full, ...crowd).lastIndexOf(true), 7);
});

test('the fuller it is the less a client gets: many that hold all they can leave places to one who comes new', () => {
  const bounds = { atOnce: 1, places: 8_192, perAccount: 8_192, perClient: 64 };
  const held = (lane: Lane, client: string) => {
    let count = 0;
    while (lane.take({ client })) count += 1;
    return count;
  };
  const lane = new Lane(bounds);
  const crowd = Array.from({ length: 128 }, (_, index) => held(lane, `192.0.2.${index}`));
  assert.equal(crowd[0], 64);
  assert.ok(held(lane, '198.51.100.1') >= 20, 'somebody else');
  const network = new Lane(bounds);
  const clients = Array.from({ length: 256 }, (_, index) => held(network, `2001:db8:7:${index}::/64`));
  assert.equal(
    clients.reduce((sum, count) => sum + count),
    8 * 64,
    'a /48 counts as eight clients',
  );
  assert.equal(held(network, '2001:db8:8:1::/64'), 64, 'another network');
  const small = new Lane({ atOnce: 1, places: 32, perAccount: 2, perClient: 8 });
  for (let index = 0; index < 9; index++) held(small, `2001:db8:7:${index}::/64`);
  assert.ok(held(small, '192.0.2.1') >= 4, 'of few places half are for others');
});

test('a place that was left is free again, once', () => {
  const lane = new Lane({ ...BOUNDS, places: 2 });
  const [first, second] = [
    lane.take({ account: 'a', client: '1' }),
    lane.take({ account: 'b', client: '2' }),
  ];
  assert.equal(lane.take({ account: 'c', client: '3' }), undefined);
  first?.leave();
  first?.leave();
  assert.deepEqual(taken(lane, ['c', '3'], ['d', '4']), [true, false]);
  second?.leave();
});

test('works go on one after the other in their order, after one that failed too', async () => {
  const lane = new Lane(BOUNDS);
  const places = ['a', 'b', 'c'].map((name) => lane.take({ account: name, client: name }));
  const seen: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    running += 1;
    assert.equal(running, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    seen.push(name);
    if (name === 'a') throw new Error('failed');
    return name;
  };
  const results = await Promise.allSettled(
    places.map((place, index) => place?.run(work('abc'[index] ?? ''))),
  );
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
    ['failed', 'b', 'c'],
  );
});

test('the first of everybody goes before the second of anybody', async () => {
  const lane = new Lane({ atOnce: 1, places: 20, perAccount: 20, perClient: 20 });
  const seen: string[] = [];
  const bring = (client: string) => lane.take({ client })?.run(async () => void seen.push(client));
  const flood = Array.from({ length: 5 }, () => bring('flood'));
  const others = ['a', 'b', 'a'].map(bring);
  await Promise.all([...flood, ...others]);
  assert.equal(seen.join(' '), 'flood a b flood a flood flood flood');
});
