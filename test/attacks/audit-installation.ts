import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { type AuditHead, AuditSeal } from '../../src/core/audit/audit-seal.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { openDataSource } from '../../src/storage/data-source.js';
import { keyFileText } from '../../src/storage/key-file-format.js';
import { manifestSchema } from '../storage/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { AUDIT_KEY, eventOf } from './audit-events.js';

/** Rows of the first version, without a seal, with a gap as its automatic numbers could have. */
const OLD = [1, 2, 4].map(
  (id) =>
    `INSERT INTO twofa_audit (id, action, actor_realm, actor_id, account_realm, account_id, account_name, address, at)
     VALUES (${id}, 'login.code', 'user', '1', 'user', '1', 'old${id}', '::1', ${id})`,
);

export interface Installation {
  readonly data: string;
  readonly dataSource: DataSource;
  /** After row 10, of 14. */
  readonly noted: AuditHead;
}

/** A demo folder whose audit log has three old rows and the sealed rows 5 to 14. */
export async function installation(): Promise<Installation> {
  const data = tempFolder();
  const dataSource = await openDataSource(`sqlite:${join(data, 'panel-2fa.sqlite')}`, await manifestSchema());
  writeKey(data, AUDIT_KEY);
  for (const sql of OLD) await dataSource.query(sql);
  const log = new TypeOrmAuditLog(dataSource, new AuditSeal(AUDIT_KEY));
  await log.begin(5);
  for (let i = 6; i <= 10; i += 1) await log.record(eventOf('7', `name${i}`));
  const noted = await log.head();
  for (let i = 11; i <= 14; i += 1) await log.record({ ...eventOf('8', 'client "1"\n'), at: Date.now() });
  return { data, dataSource, noted };
}

/** A key file with this audit key. */
export function writeKey(data: string, audit: Buffer): void {
  const keys = new Map([['00000001', Buffer.alloc(32, 7)]]);
  rmSync(join(data, 'key'), { force: true });
  writeFileSync(join(data, 'key'), keyFileText({ active: '00000001', keys, times: new Map(), audit }));
  chmodSync(join(data, 'key'), 0o400);
}
