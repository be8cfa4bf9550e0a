import { Command } from 'commander';
import { throwErrors } from './input/command-line.js';
import { ownManifest } from './plugin/manifest.js';

interface Entry {
  readonly group: string;
  readonly summary: string;
  /** Loaded when it is called: one that cannot be loaded is told in a line, and the others go on. */
  load(): Promise<Command>;
}

const RUN = 'Run:';
const LOOK = 'See how it is:';
const PEOPLE = 'Help people:';
const DATA = 'Keep the data:';

/** Every command, by its name. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  demo: {
    group: RUN,
    summary: 'the bundled panel, for trying out two-factor authentication',
    load: async () => (await import('./demo/command.js')).demoCommand(),
  },
  gateway: {
    group: RUN,
    summary: 'two-factor authentication in front of a panel',
    load: async () => {
      const { gatewayCommand } = await import('./gateway/command.js');
      return gatewayCommand((await import('./gateway/panels.js')).PANELS);
    },
  },
  status: {
    group: LOOK,
    summary: 'does each part answer, and how many accounts have two-factor authentication?',
    load: async () => (await import('./operator/commands/status.js')).statusCommand(),
  },
  doctor: {
    group: LOOK,
    summary: 'is everything in order, and is there a way past the gateway?',
    load: async () => (await import('./operator/commands/doctor.js')).doctorCommand(),
  },
  list: {
    group: LOOK,
    summary: 'the accounts of the panel, with and without two-factor authentication',
    load: async () => (await import('./operator/commands/look-at-accounts.js')).listCommand(),
  },
  show: {
    group: LOOK,
    summary: 'one account in full',
    load: async () => (await import('./operator/commands/look-at-accounts.js')).showCommand(),
  },
  disable: {
    group: PEOPLE,
    summary: 'switch two-factor authentication off for one account',
    load: async () => (await import('./operator/commands/help-account.js')).disableCommand(),
  },
  unlock: {
    group: PEOPLE,
    summary: 'forget the wrong codes of one account',
    load: async () => (await import('./operator/commands/help-account.js')).unlockCommand(),
  },
  'recovery-codes': {
    group: PEOPLE,
    summary: 'make new recovery codes for one account',
    load: async () => (await import('./operator/commands/help-account.js')).recoveryCodesCommand(),
  },
  config: {
    group: DATA,
    summary: 'the configuration: check',
    load: async () => (await import('./operator/commands/config.js')).configurationCommand(),
  },
  migrate: {
    group: DATA,
    summary: 'bring the tables of our own database up to date',
    load: async () => (await import('./operator/commands/migrate.js')).migrateCommand(),
  },
  database: {
    group: DATA,
    summary: 'our own database: copy it to another one',
    load: async () => (await import('./operator/commands/database.js')).databaseCommand(),
  },
  prune: {
    group: DATA,
    summary: 'remove the factors of accounts that were deleted in the panel',
    load: async () => (await import('./operator/commands/prune.js')).pruneCommand(),
  },
  keys: {
    group: DATA,
    summary: 'the keys that secrets are sealed with: list, rotate',
    load: async () => (await import('./operator/commands/keys.js')).keysCommand(),
  },
  audit: {
    group: LOOK,
    summary: 'the audit log: list, verify, archive',
    load: async () => (await import('./operator/commands/audit.js')).auditCommand(),
  },
};

const EXIT_CODES = `
Exit codes: 0 done; 1 not done, and a line on standard error says why; doctor and audit verify: 1 also when they find a problem.
Secrets may come from the environment: PANEL_2FA_DATABASE, PANEL_2FA_REDIS, PANEL_2FA_PANEL_DATABASE.`;

/** Runs what was typed after `panel-2fa`; rejects with an Error of one line, or with `CommandDone`. */
export async function runCommand(args: readonly string[]): Promise<void> {
  const program = new Command('panel-2fa')
    .description('Two-factor authentication for hosting panels.')
    .version(ownManifest().version)
    .addHelpText('after', EXIT_CODES);
  const [wanted, sub] = args.filter((arg) => !arg.startsWith('-'));
  const named = wanted === 'help' ? sub : wanted;
  for (const [name, { group, summary, load }] of Object.entries(COMMANDS)) {
    const one = name === named ? await load() : new Command(name);
    program.addCommand(one.summary(summary).helpGroup(group));
  }
  await throwErrors(program).parseAsync(args, { from: 'user' });
}
