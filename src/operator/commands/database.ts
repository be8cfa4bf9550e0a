import type { Command } from 'commander';
import { command, configCommand } from '../../input/command-line.js';
import { copyDatabase } from '../database-copying.js';
import { enter } from './place.js';
import { Progress } from './progress.js';

/** `database copy`: our own database moves to another kind or another server. */
export function databaseCommand(): Command {
  const summary = `Copies our own database to a new one, SQLite, MariaDB or PostgreSQL in any direction, and compares every row before it
counts. The new one must be empty. Stop the gateway first, and put the new address into the configuration afterwards. The key file
stays the same.`;
  const example = `panel-2fa database copy --to mysql://panel2fa:…@127.0.0.1:3306/panel2fa
PANEL_2FA_DATABASE_TO=postgres://… panel-2fa database copy`;
  const copy = configCommand('copy', summary, example)
    .option(
      '--to <URL>',
      'the address of the new database (or the variable PANEL_2FA_DATABASE_TO, which no process list shows)',
    )
    .action(async ({ config, to = process.env.PANEL_2FA_DATABASE_TO }: { config: string; to?: string }) => {
      if (!to) throw new Error('Say where to: --to URL');
      const progress = new Progress('rows');
      await copyDatabase(enter(config).plugin.database, to, ({ table, rows, isWhole }) => {
        progress.at(rows);
        if (isWhole) console.log(`${rows} ${table}`);
      });
      progress.end();
      console.log('All of it is in the new database. Put its address into the configuration as "database".');
    });
  return command('database', 'Our own database.', 'panel-2fa database copy --help').addCommand(copy);
}
