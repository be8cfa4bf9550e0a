import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import type { Account, Realm } from '../../core/account/account.js';
import type { NamedAccount, Operator } from '../../core/admin/operator.js';
import { configCommand } from '../../input/command-line.js';
import { encodedName } from '../../input/mail-name.js';

/** Whose account, as it was typed. */
export interface AccountOptions {
  readonly user?: string;
  readonly mailuser?: string;
}

/** A command about one account of a gateway's panel, named by an argument, or by an option that says its realm too. */
export function accountCommand(name: string, summary: string, example: string): Command {
  return configCommand(name, summary, example)
    .argument('[ACCOUNT]', 'the name of a user, or the e-mail address of a mail user')
    .addOption(new Option('--user <NAME>', 'instead: a user of the panel: admin, reseller or client'))
    .addOption(new Option('--mailuser <EMAIL>', 'instead: a mail user').conflicts('user'))
    .option('--json', 'as one JSON document');
}

/** The one account that is meant; throws an Error with a clear message when there is none. */
export async function accountOf(
  operator: Operator,
  argument: string | undefined,
  { user, mailuser }: AccountOptions,
): Promise<Account> {
  const option = user ?? mailuser;
  const name = argument ?? option;
  if (!name || (argument && option)) throw new Error('Say who: ACCOUNT, --user NAME or --mailuser EMAIL');
  const realm = user ? 'user' : mailuser ? 'mailuser' : undefined;
  return find(operator, { name, realm });
}

async function find(operator: Operator, named: NamedAccount): Promise<Account> {
  const { name } = named;
  const found = await operator.find(named);
  switch (found.kind) {
    case 'found':
      return found.account;
    case 'unknown-account':
      if (encodedName(name) !== name && name.includes('@'))
        return find(operator, { ...named, name: encodedName(name) });
      throw new Error(`The panel has no account with exactly the name ${name}.`);
    case 'ambiguous':
      return find(operator, { name, realm: await ask(name) });
  }
}

async function ask(name: string): Promise<Realm> {
  const both = `Both a user and a mail user are called ${name}`;
  if (!process.stdin.isTTY) throw new Error(`${both}: say --user ${name} or --mailuser ${name}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${both}. Which one, u or m? `);
    if (answer === 'u') return 'user';
    if (answer === 'm') return 'mailuser';
    throw new Error('Nothing was done: the answer was neither u nor m.');
  } finally {
    terminal.close();
  }
}
