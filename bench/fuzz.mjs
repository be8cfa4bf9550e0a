/*
 * The two parsers that decide whose request it is, with a million hostile inputs each: npm run fuzz
 *
 *   npm run fuzz -- --inputs 100000 --seconds 10 --seed 7     fewer, not longer than this each, the same again
 */
import { parseArgs } from 'node:util';
import { orFail } from '../scripts/prepare/failure.mjs';
import { ensureBuilt, ensureInstalled } from '../scripts/prepare.mjs';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 4294967296) },
  },
});

await orFail(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt('tests');
  const { Random } = await import('./fuzz-random.mjs');
  const { fuzzSession } = await import('./fuzz-sessions.mjs');
  const { fuzzCookie } = await import('./fuzz-cookies.mjs');
  for (const [name, fuzz] of [
    ['sessions', fuzzSession],
    ['cookies', fuzzCookie],
  ]) {
    const random = new Random(Number(values.seed));
    const outcomes = {};
    const begin = performance.now();
    const end = begin + Number(values.seconds) * 1_000;
    let inputs = 0;
    // Each round is two inputs: one whose answer is known, and the same one broken.
    while (inputs < Number(values.inputs) && performance.now() < end) {
      const outcome = fuzz(random);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      inputs += 2;
    }
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    console.log(
      `${name}: ${inputs} inputs in ${seconds} s, seed ${values.seed}: no crash, no wrong identity`,
    );
    console.log(
      `  half of them broken: ${Object.entries(outcomes)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}`,
    );
  }
});
