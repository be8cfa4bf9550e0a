import { basename } from 'node:path';
import { Failure } from './failure.mjs';
import { run } from './run.mjs';

/**
 * Runs npm, the one that started us if it did, and shows what it said when it fails.
 *
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export async function npm(args, env = {}) {
  const own = process.env.npm_execpath;
  const started = own !== undefined && basename(own) === 'npm-cli.js';
  const result = started
    ? await run(process.execPath, [own, ...args], { env })
    : await run('npm', args, { env });
  if (!result.ok)
    throw new Failure(`${result.output}\n\n"npm ${args.join(' ')}" failed; its output is above.`);
}
