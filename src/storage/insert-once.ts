import { type DataSource, type EntityTarget, type ObjectLiteral, QueryFailedError } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

/** Inserts a row, or several at once. False, and nothing inserted, when a primary key is taken; any other failure rejects. */
export async function insertOnce<Row extends ObjectLiteral>(
  dataSource: DataSource,
  entity: EntityTarget<Row>,
  row: QueryDeepPartialEntity<Row> | QueryDeepPartialEntity<Row>[],
): Promise<boolean> {
  // Named, since PostgreSQL would otherwise choose a primary key of its own when one can be generated.
  const columns = Object.keys(Array.isArray(row) ? (row[0] ?? {}) : row);
  try {
    await dataSource
      .createQueryBuilder()
      .insert()
      .into(entity, columns)
      .values(row)
      .updateEntity(false)
      .execute();
    return true;
  } catch (error) {
    if (isDuplicate(error)) {
      return false;
    }
    throw error;
  }
}

/** "Or ignore" clauses are no substitute: on SQLite and MySQL they swallow other broken constraints as well. */
function isDuplicate(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) {
    return false;
  }
  const { code, message } = error.driverError as { code?: string; message: string };
  return (
    (code === 'SQLITE_CONSTRAINT' && message.includes('UNIQUE constraint failed')) ||
    code === 'ER_DUP_ENTRY' ||
    code === '23505'
  );
}
