import { parseArgs } from 'node:util';
import { examine } from './doctor/examination.js';
import { lineOf } from './doctor/finding.js';

export const DOCTOR_HELP = `panel-2fa doctor --config FILE: is everything in order, and is there a way past the gateway?

  --config FILE    the configuration of the gateway, which should be running

Prints one line per check: ok, warning or problem, and what to do. Changes nothing, but for a few keys in
Redis that end within seconds. Exits with code 1 if there is a problem. It runs on this machine only, so it cannot see what other machines can reach.`;

/** Prints what it finds, and sets the exit code. */
export async function doctorCommand(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
  if (!values.config) throw new Error('Say where the configuration is: --config FILE');
  for await (const finding of examine(values.config)) {
    console.log(lineOf(finding));
    if (finding.level === 'problem') process.exitCode = 1;
  }
}
