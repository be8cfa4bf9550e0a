import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** Key id and MAC of audit rows. Rows that are there stay without; the first sealed one covers them as a whole. */
export class SealAudit1765000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const column of columns(queryRunner)) {
      // MariaDB commits each change of a table, so a start that was killed may have made half of it.
      if (!(await queryRunner.hasColumn('twofa_audit', column.name))) {
        await queryRunner.addColumn('twofa_audit', column);
      }
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of columns(queryRunner).reverse()) {
      await queryRunner.dropColumn('twofa_audit', name);
    }
  }
}

function columns(queryRunner: QueryRunner): TableColumn[] {
  const { type: database } = queryRunner.connection.options;
  const exact = database === 'mysql' || database === 'mariadb' ? { collation: 'utf8mb4_bin' } : {};
  const text = (name: string, length: number) =>
    new TableColumn({ name, type: 'varchar', length: String(length), isNullable: true, ...exact });
  return [text('key_id', 8), text('mac', 64)];
}
