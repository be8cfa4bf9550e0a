import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  type TableColumnOptions,
  type TableOptions,
} from 'typeorm';

/** The four tables of the first version. The same on SQLite, MariaDB and PostgreSQL. */
export class CreateTwoFactor1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables(queryRunner)) {
      await queryRunner.createTable(new Table(table));
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables(queryRunner).reverse()) {
      await queryRunner.dropTable(table.name);
    }
  }
}

function tables(queryRunner: QueryRunner): TableOptions[] {
  const { type: database } = queryRunner.connection.options;
  // MySQL and MariaDB compare text without case unless told otherwise: generation "aB" would be generation "Ab".
  const exact = database === 'mysql' || database === 'mariadb' ? { collation: 'utf8mb4_bin' } : {};

  const text = (name: string, length: number): TableColumnOptions => {
    return { name, type: 'varchar', length: String(length), ...exact };
  };
  const number = (name: string, type: 'smallint' | 'integer' | 'bigint'): TableColumnOptions => {
    return { name, type };
  };
  const optional = (column: TableColumnOptions): TableColumnOptions => {
    return { ...column, isNullable: true };
  };
  const primary = (column: TableColumnOptions, table: string): TableColumnOptions => {
    return { ...column, isPrimary: true, primaryKeyConstraintName: `pk_${table}` };
  };

  const factorTable = (name: string): TableOptions => ({
    name,
    columns: [
      primary(text('account_id', 64), name),
      text('generation', 64),
      optional(text('removed_generation', 64)),
      optional(number('removed_at', 'bigint')),
      optional(text('sealed_secret', 255)),
      optional(number('period', 'smallint')),
      optional(number('activated_at', 'bigint')),
      optional(text('recovery_salt', 64)),
      optional({ name: 'recovery_digests', type: 'text', ...exact }),
      number('recovery_used', 'integer'),
      optional(number('last_step', 'bigint')),
      optional(number('last_used_at', 'bigint')),
      number('failures', 'integer'),
      optional(number('locked_until', 'bigint')),
    ],
  });

  return [
    factorTable('twofa_user_secret'),
    factorTable('twofa_mail_user_secret'),
    {
      name: 'twofa_opened_login',
      columns: [primary(text('id', 64), 'twofa_opened_login'), number('opened_at', 'bigint')],
      indices: [{ name: 'ix_twofa_opened_login_at', columnNames: ['opened_at'] }],
    },
    {
      name: 'twofa_audit',
      columns: [
        {
          ...primary(number('id', 'integer'), 'twofa_audit'),
          isGenerated: true,
          generationStrategy: 'increment',
        },
        text('action', 64),
        text('actor_realm', 16),
        text('actor_id', 64),
        text('account_realm', 16),
        text('account_id', 64),
        text('account_name', 255),
        text('address', 64),
        number('at', 'bigint'),
        optional(text('reason', 64)),
      ],
      indices: [{ name: 'ix_twofa_audit_account', columnNames: ['account_realm', 'account_id'] }],
    },
  ];
}
