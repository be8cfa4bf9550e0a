import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { queryParameter } from '../../../src/core/base/query.js';
import { inProject } from '../../support/project.js';

test('a parameter of a query is its first value, unescaped', () => {
  for (const [query, value] of [
    ['', undefined],
    ['b=1', undefined],
    ['a', ''],
    ['a=', ''],
    ['b=1&a=2&a=3', '2'],
    ['a=%C3%BC+x%26', 'ü x&'],
    ['a=%', '%'],
    ['&&=&a=1', '1'],
  ] as const) {
    assert.equal(queryParameter(query, 'a'), value, query);
  }
});

test('a head full of one parameter takes no more time than one full of a long value', () => {
  const many = 'a=&'.repeat(10_000);
  const from = performance.now();
  for (let round = 0; round < 20; round++) assert.equal(queryParameter(many, 'b'), undefined);
  const took = performance.now() - from;
  const long = `a=${'x'.repeat(many.length)}`;
  const before = performance.now();
  for (let round = 0; round < 20; round++) assert.equal(queryParameter(long, 'b'), undefined);
  // Reading a list of 10,000 once for each of its parameters takes some thousand times as long.
  assert.ok(took < 200 * Math.max(performance.now() - before, 1), `${took} ms`);
});

test('nothing reads the query as Koa parses it', () => {
  const sources = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' });
  const read = sources.filter(
    (file) =>
      file.endsWith('.ts') &&
      /\b(?:ctx|context|request)\.query\b(?!\()/.test(readFileSync(join(inProject('src'), file), 'utf8')),
  );
  assert.deepEqual(read, ['core/base/query.ts']);
});
