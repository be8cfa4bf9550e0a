import type { DataSource } from 'typeorm';

/** The names of migrations of its schema that an open database has not seen. */
export async function missingMigrations(dataSource: DataSource): Promise<string[]> {
  const table = dataSource.options.migrationsTableName ?? '';
  const runner = dataSource.createQueryRunner();
  try {
    const rows: { name: string }[] = (await runner.hasTable(table))
      ? await runner.query(`SELECT name FROM ${table}`)
      : [];
    const seen = new Set(rows.map(({ name }) => name));
    return dataSource.migrations
      .map((migration) => migration.constructor.name)
      .filter((name) => !seen.has(name));
  } finally {
    await runner.release();
  }
}
