import type { ExcessRight } from '../../panel-signs.js';
import { OPTIONAL, READ } from './columns.js';
import { PanelDatabase } from './panel-database.js';

interface RightRow {
  readonly privilege: string;
  readonly place: string;
  readonly tableName: string;
  readonly columnName: string;
}

const GRANTEE = `CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')`;
/** `USAGE` is the word for no right. */
const MINE = `WHERE grantee = ${GRANTEE} AND privilege_type <> 'USAGE'`;

const RIGHTS = `
SELECT privilege_type AS privilege, '*.*' AS place, '' AS tableName, '' AS columnName FROM information_schema.user_privileges ${MINE}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.*'), '', '' FROM information_schema.schema_privileges ${MINE}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.', table_name), table_name, '' FROM information_schema.table_privileges ${MINE}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.', table_name), table_name, column_name FROM information_schema.column_privileges ${MINE}
UNION ALL SELECT 'ROLE', role_name, '', '' FROM information_schema.applicable_roles`;

/** What the user of this URL may do beyond {@link READ} and {@link OPTIONAL}; rejects when the database cannot be asked. */
export async function excessRights(url: string): Promise<readonly ExcessRight[]> {
  const database = new PanelDatabase(url);
  try {
    const rows = await database.rows<RightRow>(RIGHTS, []);
    return rows.filter((row) => !isNeeded(row)).map(excessOf);
  } finally {
    await database.close();
  }
}

function isNeeded({ privilege, tableName, columnName }: RightRow): boolean {
  const known = [...(READ[tableName] ?? []), ...(OPTIONAL[tableName] ?? [])];
  return privilege === 'SELECT' && known.includes(columnName);
}

function excessOf({ privilege, place, columnName }: RightRow): ExcessRight {
  if (privilege === 'ROLE') return { text: `the role ${place}`, onlyReads: false };
  const text = `${privilege} on ${place}${columnName && ` (${columnName})`}`;
  return { text, onlyReads: privilege === 'SELECT' };
}
