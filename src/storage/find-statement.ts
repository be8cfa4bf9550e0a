import type { DataSource } from 'typeorm';
import type { FactorRow } from './entities/factor-row.js';

/**
 * The text that reads one row by its primary key, with properties as names of the result. Built once, since `find`
 * runs on every request and the query builders of TypeORM cost more than the read itself.
 */
export function findStatement(dataSource: DataSource, entity: new () => FactorRow): string {
  const { driver } = dataSource;
  const metadata = dataSource.getMetadata(entity);
  const columns = metadata.columns.map((column) => {
    return `${driver.escape(column.databaseName)} AS ${driver.escape(column.propertyName)}`;
  });
  const [primary] = metadata.primaryColumns;
  if (primary === undefined) {
    throw new Error(`${metadata.name} has no primary key`);
  }
  const condition = `${driver.escape(primary.databaseName)} = ${driver.createParameter('id', 0)}`;
  return `SELECT ${columns.join(', ')} FROM ${driver.escape(metadata.tableName)} WHERE ${condition}`;
}
