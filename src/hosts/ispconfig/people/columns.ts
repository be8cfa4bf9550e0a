import type { PanelDatabase } from './panel-database.js';

/** All that this host reads, to the column: what `deploy/ispconfig-grants.sql` grants. */
export const READ: Readonly<Record<string, readonly string[]>> = {
  sys_session: ['session_id', 'date_created', 'last_updated', 'permanent', 'session_data'],
  sys_config: ['group', 'name', 'value'],
  sys_user: [
    'userid',
    'username',
    'passwort',
    'typ',
    'active',
    'language',
    'modules',
    'groups',
    'default_group',
    'client_id',
  ],
  mail_user: ['mailuser_id', 'email', 'password', 'sys_groupid'],
  client: ['client_id', 'email', 'password', 'limit_client', 'parent_client_id'],
  sys_group: ['groupid'],
  remote_session: ['remote_session', 'remote_userid', 'client_login'],
};

/** What an operator may grant beside that; each is asked for by itself and missed by nobody. */
export const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  sys_user: ['otp_type', 'otp_data'],
};

/** Table or column: not there, or not for this user (MariaDB's 1054, 1142, 1143, 1146). */
const REFUSED = [1054, 1142, 1143, 1146];

/** Rows of one question about {@link OPTIONAL} columns; undefined where they are not there, or not granted. */
export async function rowsIfGranted<Row>(
  database: Pick<PanelDatabase, 'rows'>,
  sql: string,
  values: readonly string[] = [],
): Promise<Row[] | undefined> {
  try {
    return await database.rows<Row>(sql, values);
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return REFUSED.includes((error as { cause?: { errno?: number } }).cause?.errno ?? 0);
}

/** Reads every column once, and no row; rejects with an error that names all that cannot be read. */
export async function proveColumns(database: Pick<PanelDatabase, 'rows'>): Promise<void> {
  const tables = Object.entries(READ);
  try {
    for (const [table, columns] of tables) await database.rows(selecting(table, columns), []);
  } catch (error) {
    const { cause } = error as { cause?: { message?: string } };
    if (!isRefused(error)) throw error;
    const missing: string[] = [];
    for (const [table, columns] of tables) {
      for (const column of columns) {
        const isMissing = await database.rows(selecting(table, [column]), []).then(
          () => false,
          () => true,
        );
        if (isMissing) missing.push(`${table}.${column}`);
      }
    }
    const text = `${cause?.message}. In all it cannot read ${missing.join(', ')}: see deploy/ispconfig-grants.sql`;
    throw new Error(text);
  }
}

function selecting(table: string, columns: readonly string[]): string {
  return `SELECT ${columns.map((column) => `\`${column}\``).join(', ')} FROM ${table} LIMIT 0`;
}
