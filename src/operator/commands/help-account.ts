import type { Command } from 'commander';
import type { Account } from '../../core/account/account.js';
import type { Operator, OperatorRefusal } from '../../core/admin/operator.js';
import { command, printJson } from '../../input/command-line.js';
import { type AccountOptions, accountCommand, accountOf } from './account.js';
import { withOperation } from './with-operation.js';

type Options = AccountOptions & { readonly config: string; readonly json?: boolean };

/** Switches the factor of one account off. */
export function disableCommand(): Command {
  const summary = `Switches two-factor authentication off for one account. It does not ask for confirmation: whoever can read the
configuration may do it. The audit log records it.`;
  const example = 'panel-2fa disable client1\npanel-2fa disable --mailuser info@example.com';
  return accountCommand('disable', summary, example).action((name: string | undefined, options: Options) =>
    help(name, options, async (operator, account) => {
      const outcome = await operator.disable(account);
      if (outcome.kind !== 'done') throw refused(outcome, account);
      tell(options, account, `Two-factor authentication is off for ${account.name}.`);
    }),
  );
}

/** Forgets the wrong codes of one account. */
export function unlockCommand(): Command {
  const summary = `Forgets the wrong codes of one account and ends its lock, so that codes of its app are looked at again. The
factor stays as it is. The audit log records it.`;
  return accountCommand('unlock', summary, 'panel-2fa unlock client1').action(
    (name: string | undefined, options: Options) =>
      help(name, options, async (operator, account) => {
        const outcome = await operator.unlock(account);
        if (outcome.kind !== 'done') throw refused(outcome, account);
        tell(options, account, `Codes of ${account.name} are looked at again.`);
      }),
  );
}

/** Makes new recovery codes for one account. */
export function recoveryCodesCommand(): Command {
  const summary = `Makes new recovery codes for one account, and prints them: they are never shown again, and the old ones are void. Be
sure that you talk to the owner of the account. The audit log records it.`;
  const renew = accountCommand('new', summary, 'panel-2fa recovery-codes new client1').action(
    (name: string | undefined, options: Options) =>
      help(name, options, async (operator, account) => {
        const outcome = await operator.renewRecoveryCodes(account);
        if (outcome.kind !== 'renewed') throw refused(outcome, account);
        const { recoveryCodes } = outcome;
        if (options.json) printJson({ ...whoIs(account), recoveryCodes });
        else console.log(recoveryCodes.join('\n'));
      }),
  );
  return command(
    'recovery-codes',
    'Recovery codes of one account.',
    'panel-2fa recovery-codes new client1',
  ).addCommand(renew);
}

function help(
  name: string | undefined,
  options: Options,
  act: (operator: Operator, account: Account) => Promise<void>,
): Promise<void> {
  return withOperation(options.config, async ({ operator }) => {
    await act(operator, await accountOf(operator, name, options));
  });
}

function tell({ json }: Options, account: Account, text: string): void {
  if (json) printJson({ ...whoIs(account), done: true });
  else console.log(text);
}

function whoIs({ realm, id, name }: Account) {
  return { realm, id, name };
}

function refused({ kind }: OperatorRefusal, { name }: Account): Error {
  switch (kind) {
    case 'no-factor':
      return new Error(`${name} has no two-factor authentication.`);
    case 'changed-meanwhile':
      return new Error(`The factor of ${name} was changed at the same moment. Look at it and try again.`);
  }
}
