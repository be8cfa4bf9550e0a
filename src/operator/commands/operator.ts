import { parseArgs } from 'node:util';
import { keyText } from '../../core/account/account.js';
import type { OperatorOutcome } from '../../core/admin/operator.js';
import { openLog } from '../../gateway/log.js';
import { openPanel } from '../../gateway/open-panel.js';
import { PANELS } from '../../gateway/panels.js';
import { type Operation, openOperation } from '../operation.js';
import { enter } from './place.js';

export const DISABLE_HELP = `panel-2fa disable --config FILE --user NAME: switches two-factor authentication off for one account

  --config FILE      the configuration of the gateway
  --user NAME        a user of the panel: admin, reseller or client
  --mailuser EMAIL   instead: a mail user

It does not ask for confirmation: whoever can read the configuration may do it. The audit log records it.`;

export const PRUNE_HELP = `panel-2fa prune --config FILE [--yes]: removes the factors of accounts that were deleted in the panel

  --config FILE    the configuration of the gateway
  --yes            remove them; without it they are only listed

The gateway does the same by itself once an account has been missing for an hour.`;

/** Runs `disable`; throws an Error with a clear message when nothing was switched off. */
export async function disableCommand(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, user: { type: 'string' }, mailuser: { type: 'string' } },
  });
  const name = values.user ?? values.mailuser;
  if (!name || (values.user && values.mailuser)) throw new Error('Say who: --user NAME or --mailuser EMAIL');
  const realm = values.user ? 'user' : 'mailuser';
  await withOperation(values.config, async (operation) => {
    console.log(outcomeText(await operation.disable(realm, name), name));
  });
}

/** Runs `prune`. */
export async function pruneCommand(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, yes: { type: 'boolean', default: false } },
  });
  await withOperation(values.config, async (operation) => {
    const absent = await operation.absent();
    for (const key of absent) console.log(keyText(key));
    if (absent.length === 0) console.log('All accounts with a factor exist in the panel.');
    else if (values.yes) console.log(`${await operation.prune(absent)} forgotten.`);
    else console.log('These no longer exist in the panel. Run this with --yes to remove their factors.');
  });
}

async function withOperation(file: string | undefined, act: (operation: Operation) => Promise<void>) {
  if (!file) throw new Error('Say where the configuration is: --config FILE');
  const config = enter(file);
  const log = openLog('silent');
  const host = await openPanel(config, PANELS, log);
  try {
    const operation = await openOperation(config.plugin, host);
    try {
      await act(operation);
    } finally {
      await operation.close();
    }
  } finally {
    await host.close();
  }
}

function outcomeText(outcome: OperatorOutcome, name: string): string {
  switch (outcome.kind) {
    case 'disabled':
      return `Two-factor authentication is off for ${name}.`;
    case 'unknown-account':
      throw new Error(`The panel has no account with exactly the name ${name}.`);
    case 'no-factor':
      throw new Error(`${name} has no two-factor authentication.`);
    case 'changed-meanwhile':
      throw new Error(`The factor of ${name} was changed at the same moment. Check it and try again.`);
  }
}
