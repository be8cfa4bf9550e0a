import type { Command } from 'commander';
import { keyText } from '../../core/account/account.js';
import { configCommand, printJson } from '../../input/command-line.js';
import { withOperation } from './with-operation.js';

/** Removes the factors of accounts that the panel no longer has. */
export function pruneCommand(): Command {
  const summary = `Removes the factors of accounts that were deleted in the panel. The gateway does the same by itself once an account has been
missing for an hour.`;
  return configCommand('prune', summary, 'panel-2fa prune --yes')
    .option('--yes', 'remove them; without it they are only listed')
    .option('--json', 'as one JSON document')
    .action(
      ({ config, yes, json }: { readonly config: string; readonly yes?: boolean; readonly json?: boolean }) =>
        withOperation(config, async ({ housekeeping }) => {
          const absent = await housekeeping.absent();
          const removed = yes && absent.length > 0 ? await housekeeping.prune(absent) : 0;
          if (json) return printJson({ absent, removed });
          for (const key of absent) console.log(keyText(key));
          if (absent.length === 0) console.log('All accounts with a factor exist in the panel.');
          else if (yes) console.log(`${removed} forgotten.`);
          else
            console.log('These no longer exist in the panel. Run this with --yes to remove their factors.');
        }),
    );
}
