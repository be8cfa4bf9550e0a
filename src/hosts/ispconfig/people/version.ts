import type { PanelVersion } from '../../panel-signs.js';
import type { PanelDatabase } from './panel-database.js';

/** What this gateway was run in front of; of 3.3, its login, settings and user pages on the schema of that version. */
export const SEEN = ['3.2.11p2', '3.2.12', '3.3.1p1'] as const;

const VERSION = "SELECT value FROM sys_config WHERE `group` = 'db' AND name = 'db_version'";

/** The panel's version by its own database; undefined where that does not say it. */
export async function versionOf(database: PanelDatabase): Promise<PanelVersion | undefined> {
  const [row] = await database.rows<{ value: string | null }>(VERSION, []);
  const text = row?.value?.trim();
  return text ? { text, isSeen: (SEEN as readonly string[]).includes(text), seen: SEEN } : undefined;
}
