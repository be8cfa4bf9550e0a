import type { Command } from 'commander';
import { configCommand, printJson } from '../../input/command-line.js';
import { examine } from './doctor/examination.js';
import { lineOf } from './doctor/finding.js';

/** Prints what it finds, and sets the exit code. */
export function doctorCommand(): Command {
  const summary = `Is everything in order, and is there a way past the gateway, which should be running?

Prints one line per check: ok, warning or problem, and what to do. Changes nothing, but for a few keys in Redis that end
within seconds. Exits with code 1 if there is a problem. It runs on this machine only, so it cannot see what other
machines can reach.`;
  return configCommand('doctor', summary, 'panel-2fa doctor')
    .option('--json', 'one JSON document for each line')
    .action(async ({ config, json }: { readonly config: string; readonly json?: boolean }) => {
      for await (const finding of examine(config)) {
        if (json) printJson(finding);
        else console.log(lineOf(finding));
        if (finding.level === 'problem') process.exitCode = 1;
      }
    });
}
