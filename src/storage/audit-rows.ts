import type { DataSource, FindOptionsWhere } from 'typeorm';
import { MoreThan } from 'typeorm';
import type { AuditEvent } from '../core/audit/audit.js';
import type { AuditRow } from '../core/audit/audit-seal.js';
import { AuditRecord } from './entities/audit-record.js';

const PAGE = 1_000;
const LENGTHS = { id: 64, name: 255, address: 64, reason: 64 } as const;

const BEFORE_ALL = -(2 ** 31);

/** Rows in the order of their sequence, read page by page; those after `after` only. */
export async function* auditRows(
  dataSource: DataSource,
  where: FindOptionsWhere<AuditRecord> = {},
  after = BEFORE_ALL,
): AsyncGenerator<AuditRow, void, undefined> {
  const repository = dataSource.getRepository(AuditRecord);
  for (let last = after; ; ) {
    const page = await repository.find({
      where: { ...where, id: MoreThan(last) },
      order: { id: 'ASC' },
      take: PAGE,
    });
    for (const record of page) yield rowOf(record);
    const end = page.at(-1);
    if (!end) return;
    last = end.id;
  }
}

/**
 * An event as every database gives it back, since the MAC is over this: cut to the columns (the panel sets no limit that
 * we know of, and an act must not fail because of its label), without NUL and halves of characters.
 */
export function storable(event: AuditEvent): AuditEvent {
  const { actor, account, accountName, address, reason } = event;
  return {
    ...event,
    actor: { realm: actor.realm, id: text(actor.id, LENGTHS.id) },
    account: { realm: account.realm, id: text(account.id, LENGTHS.id) },
    accountName: text(accountName, LENGTHS.name),
    address: text(address, LENGTHS.address),
    ...(reason !== undefined && { reason: text(reason, LENGTHS.reason) }),
  };
}

export function recordOf({ sequence, event, keyId, mac }: AuditRow): AuditRecord {
  return {
    id: sequence,
    action: event.action,
    actorRealm: event.actor.realm,
    actorId: event.actor.id,
    accountRealm: event.account.realm,
    accountId: event.account.id,
    accountName: event.accountName,
    address: event.address,
    at: event.at,
    reason: event.reason ?? null,
    keyId,
    mac,
  };
}

function rowOf(record: AuditRecord): AuditRow {
  const { id, keyId, mac, action, actorRealm, actorId, accountRealm, accountId, reason } = record;
  const event = {
    action,
    actor: { realm: actorRealm, id: actorId },
    account: { realm: accountRealm, id: accountId },
    accountName: record.accountName,
    address: record.address,
    at: record.at,
    ...(reason !== null && { reason }),
  };
  return { sequence: id, event: event as AuditEvent, keyId, mac };
}

function text(value: string, length: number): string {
  return Buffer.from(value.slice(0, length).replaceAll('\0', '\ufffd')).toString();
}
