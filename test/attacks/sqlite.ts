import { after } from 'node:test';
import { DataSource } from 'typeorm';
import type { Rows } from './site.js';

/** A database that its owner goes on using, open until the end of the file's tests. */
export async function openSqlite(
  database: string,
): Promise<(statement: string, values?: readonly unknown[]) => Promise<Rows>> {
  const source = await new DataSource({ type: 'sqlite', database, busyTimeout: 5_000 }).initialize();
  after(() => source.destroy());
  return (statement, values = []) => source.query(statement, [...values]);
}
