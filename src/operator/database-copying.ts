import { databaseAddress, databaseText } from '../connections/database-address.js';
import { reasonOf } from '../connections/reason.js';
import { ownManifest } from '../plugin/manifest.js';
import { openDataSource, openForReading } from '../storage/data-source.js';
import { missingMigrations } from '../storage/missing-migrations.js';
import { type CopyStep, copyTables } from '../storage/table-copy.js';

export type { CopyStep };

/**
 * Copies our database to a new one of any kind, whose tables are made. As `copyTables`; rejects too when the old one is not up to
 * date, or when one of them cannot be opened.
 */
export async function copyDatabase(
  from: string,
  to: string,
  told: (step: CopyStep) => void | Promise<void>,
): Promise<void> {
  const manifest = ownManifest();
  const source = await opened(from, openForReading(from, manifest));
  try {
    const missing = await missingMigrations(source);
    if (missing.length > 0)
      throw new Error(`Our database lacks ${missing.join(', ')}: run "panel-2fa migrate" first`);
    const target = await opened(to, openDataSource(to, manifest));
    try {
      await copyTables(source, target, told);
    } finally {
      await target.destroy();
    }
  } finally {
    await source.destroy();
  }
}

function opened<Source>(url: string, opening: Promise<Source>): Promise<Source> {
  return opening.catch((cause) => {
    throw new Error(
      `The database at ${databaseText(databaseAddress(url))} cannot be opened: ${reasonOf(cause)}`,
      {
        cause,
      },
    );
  });
}
