import { type MigrationInterface, type QueryRunner, Table, type TableOptions } from 'typeorm';

const TABLES: readonly TableOptions[] = [
  {
    name: 'panel_user',
    columns: [
      { name: 'id', type: 'integer', isPrimary: true, primaryKeyConstraintName: 'pk_panel_user' },
      { name: 'name', type: 'varchar', length: '64' },
      { name: 'password', type: 'varchar', length: '200' },
      { name: 'type', type: 'varchar', length: '16' },
      { name: 'reseller_id', type: 'integer', isNullable: true },
      { name: 'language', type: 'varchar', length: '2', isNullable: true },
      { name: 'active', type: 'boolean' },
    ],
    indices: [{ name: 'ux_panel_user_name', columnNames: ['name'], isUnique: true }],
  },
  {
    name: 'panel_mail_user',
    columns: [
      { name: 'id', type: 'integer', isPrimary: true, primaryKeyConstraintName: 'pk_panel_mail_user' },
      { name: 'email', type: 'varchar', length: '255' },
      { name: 'password', type: 'varchar', length: '200' },
      { name: 'language', type: 'varchar', length: '2', isNullable: true },
    ],
    indices: [{ name: 'ux_panel_mail_user_email', columnNames: ['email'], isUnique: true }],
  },
  {
    name: 'panel_session',
    columns: [
      {
        name: 'id',
        type: 'varchar',
        length: '64',
        isPrimary: true,
        primaryKeyConstraintName: 'pk_panel_session',
      },
      { name: 'owner', type: 'varchar', length: '80' },
      { name: 'data', type: 'text' },
      { name: 'expires_at', type: 'bigint' },
    ],
    indices: [{ name: 'ix_panel_session_owner', columnNames: ['owner'] }],
  },
];

/** The tables of the demo panel. */
export class CreatePanel1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.createTable(new Table(table));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await queryRunner.dropTable(name);
  }
}
