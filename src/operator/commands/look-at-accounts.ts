import { type Command, Option } from 'commander';
import type { Realm } from '../../core/account/account.js';
import type { AccountState } from '../../core/admin/account-state.js';
import { configCommand, printJson } from '../../input/command-line.js';
import { type AccountOptions, accountCommand, accountOf } from './account.js';
import { details, HEADING, jsonOf, lineOf } from './account-texts.js';
import { Progress } from './progress.js';
import { withOperation } from './with-operation.js';

interface ListOptions {
  readonly config: string;
  readonly realm?: Realm;
  readonly with?: boolean;
  readonly without?: boolean;
  readonly domain?: string;
  readonly json?: boolean;
}

/** Every account of the panel, one line each. */
export function listCommand(): Command {
  const example = 'panel-2fa list --without --realm user\npanel-2fa list --with --domain example.com --json';
  return configCommand('list', 'The accounts of the panel, one line each.', example)
    .addOption(new Option('--realm <REALM>', 'only one of the two').choices(['user', 'mailuser']))
    .option('--with', 'only accounts with two-factor authentication')
    .addOption(new Option('--without', 'only accounts without').conflicts('with'))
    .option('--domain <DOMAIN>', 'only mail users of this domain')
    .option('--json', 'one JSON document for each line')
    .action(list);
}

/** One account, in full. */
export function showCommand(): Command {
  const summary = 'One account: its role, its factor, its wrong codes.';
  return accountCommand('show', summary, 'panel-2fa show client1').action(
    (
      name: string | undefined,
      options: AccountOptions & { readonly config: string; readonly json?: boolean },
    ) =>
      withOperation(options.config, async ({ operator }) => {
        const state = await operator.show(await accountOf(operator, name, options));
        if (options.json) printJson(jsonOf(state));
        else console.log(details(state, Date.now()));
      }),
  );
}

async function list(options: ListOptions): Promise<void> {
  await withOperation(options.config, async ({ operator }) => {
    const progress = new Progress('accounts');
    if (!options.json) console.log(HEADING);
    for await (const state of operator.walk()) {
      progress.step();
      if (!isWanted(state, options)) continue;
      if (options.json) printJson(jsonOf(state));
      else console.log(lineOf(state, Date.now()));
    }
    progress.end();
  });
}

function isWanted({ account, active }: AccountState, { realm, domain, ...options }: ListOptions): boolean {
  if (realm && account.realm !== realm) return false;
  if (options.with && !active) return false;
  if (options.without && active) return false;
  return (
    domain === undefined ||
    (account.realm === 'mailuser' && account.name.endsWith(`@${domain.toLowerCase()}`))
  );
}
