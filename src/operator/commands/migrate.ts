import type { Command } from 'commander';
import { configCommand } from '../../input/command-line.js';
import { bringUpToDate } from '../own-parts.js';
import { enter } from './place.js';

/** Brings our database up to date. */
export function migrateCommand(): Command {
  const summary = `Brings the tables of our own database up to date, as the start of the gateway does. Make a backup before. A
database that is new gets its tables.`;
  return configCommand('migrate', summary, 'panel-2fa migrate').action(
    async ({ config }: { readonly config: string }) => {
      const made = await bringUpToDate(enter(config).plugin.database);
      if (made.length === 0) console.log('Our database is up to date: nothing was changed.');
      for (const name of made) console.log(`${name} was run.`);
    },
  );
}
