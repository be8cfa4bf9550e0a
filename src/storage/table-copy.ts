import { isDeepStrictEqual } from 'node:util';
import {
  type DataSource,
  type EntityManager,
  type EntityTarget,
  In,
  MoreThan,
  type ObjectLiteral,
} from 'typeorm';
import { AuditRecord } from './entities/audit-record.js';
import { MailUserSecret } from './entities/mail-user-secret.js';
import { OpenedLogin } from './entities/opened-login.js';
import { UserSecret } from './entities/user-secret.js';

interface Table {
  readonly name: string;
  readonly entity: EntityTarget<ObjectLiteral>;
  /** The property of its primary key. */
  readonly key: string;
}

const TABLES: readonly Table[] = [
  { name: 'factors of users', entity: UserSecret, key: 'accountId' },
  { name: 'factors of mail users', entity: MailUserSecret, key: 'accountId' },
  { name: 'opened logins', entity: OpenedLogin, key: 'id' },
  { name: 'audit events', entity: AuditRecord, key: 'id' },
];

const PAGE = 500;

/** How far a copy is. */
export interface CopyStep {
  readonly table: string;
  readonly rows: number;
  readonly isWhole: boolean;
}

/**
 * Copies every row into a database that has our tables and nothing in them, and compares all of it before it counts. All or
 * nothing: rejects, and the new database is as empty as before, when it was not empty, when a row differs, or when the
 * old one was changed meanwhile.
 */
export async function copyTables(
  from: DataSource,
  to: DataSource,
  told: (step: CopyStep) => void | Promise<void>,
): Promise<void> {
  await to.transaction(async (target) => {
    for (const { entity, name } of TABLES) {
      if ((await target.count(entity)) > 0) throw new Error(`The new database is not empty: it has ${name}`);
    }
    for (const table of TABLES) {
      let rows = 0;
      for await (const page of pages(from.manager, table)) {
        await insert(target, table, page);
        rows += page.length;
        await told({ table: table.name, rows, isWhole: false });
      }
      await told({ table: table.name, rows, isWhole: true });
    }
    for (const table of TABLES) await compare(from.manager, target, table);
  });
}

async function* pages(manager: EntityManager, { entity, key }: Table): AsyncGenerator<ObjectLiteral[]> {
  for (let last: unknown; ; ) {
    const page = await manager.find(entity, {
      ...(last !== undefined && { where: { [key]: MoreThan(last) } }),
      order: { [key]: 'ASC' },
      take: PAGE,
    });
    const end = page.at(-1);
    if (!end) return;
    yield page;
    last = end[key];
  }
}

async function insert(target: EntityManager, { entity }: Table, rows: ObjectLiteral[]): Promise<void> {
  // Named, since PostgreSQL would otherwise choose a primary key of its own when one can be generated.
  const columns = Object.keys(rows[0] ?? {});
  await target.createQueryBuilder().insert().into(entity, columns).values(rows).updateEntity(false).execute();
}

async function compare(
  from: EntityManager,
  target: EntityManager,
  { name, entity, key }: Table,
): Promise<void> {
  const differs = () =>
    new Error(`The ${name} changed while they were copied: stop the gateway and try again`);
  let rows = 0;
  for await (const page of pages(from, { name, entity, key })) {
    const copies = await target.find(entity, { where: { [key]: In(page.map((row) => row[key])) } });
    const byKey = new Map(copies.map((copy) => [copy[key], copy]));
    if (!page.every((row) => isDeepStrictEqual(row, byKey.get(row[key])))) throw differs();
    rows += page.length;
  }
  if ((await target.count(entity)) !== rows) throw differs();
}
