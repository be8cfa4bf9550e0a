import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { newGeneration } from '../../src/core/codes/generation.js';
import { newRecoveryCodes } from '../../src/core/codes/recovery-codes.js';
import { newSecret } from '../../src/core/codes/totp.js';
import { inProject } from '../support/project.js';

test('A38 nothing of the source asks Math.random for more than a pause, and nothing secret comes from it', async () => {
  const files = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  assert.ok(files.length > 100);
  const predictable = /Math\.random|pseudoRandomBytes|generateSecret/;
  // How long to wait for another try may be guessed by anybody.
  for (const file of files)
    for (const line of readFileSync(inProject('src', file), 'utf8').split('\n'))
      if (!line.includes('sleep(Math.random()')) assert.doesNotMatch(line, predictable, file);
  const real = Math.random;
  Math.random = () => 0.5;
  try {
    const made = new Set(Array.from({ length: 50 }, () => newSecret().toString('hex') + newGeneration()));
    assert.equal(made.size, 50);
    const { codes } = await newRecoveryCodes();
    assert.equal(new Set(codes).size, 10);
  } finally {
    Math.random = real;
  }
});

test('A38 the bytes of secrets are even: chi-square of 200 000 of them within what chance gives once in 10^9', () => {
  const counts = new Array<number>(256).fill(0);
  for (let made = 0; made < 10_000; made += 1)
    for (const byte of newSecret()) counts[byte] = (counts[byte] ?? 0) + 1;
  const expected = 200_000 / 256;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 255 degrees of freedom: mean 255, standard deviation 22.6.
  assert.ok(chi > 130 && chi < 410, String(chi));
});

test('A38 every letter of recovery codes comes as often as another', async () => {
  const counts = new Map<string, number>();
  for (let set = 0; set < 8; set += 1)
    for (const code of (await newRecoveryCodes()).codes)
      for (const letter of code.replaceAll('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  assert.equal(counts.size, 32);
  const expected = (8 * 10 * 16) / 32;
  const chi = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 31 degrees of freedom: mean 31, standard deviation 7.9.
  assert.ok(chi < 105, String(chi));
});
