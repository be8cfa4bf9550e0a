import type { DataSource } from 'typeorm';
import type { AuditEvent } from '../core/audit.js';
import type { AuditLog } from '../core/ports.js';
import { AuditRecord } from './entities/audit-record.js';

const NAME_LENGTH = 255;

/** The audit trail in the database: rows are only ever added. */
export class TypeOrmAuditLog implements AuditLog {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async record(event: AuditEvent): Promise<void> {
    const row = {
      action: event.action,
      actorRealm: event.actor.realm,
      actorId: event.actor.id,
      accountRealm: event.account.realm,
      accountId: event.account.id,
      // The panel sets no limit that we know of, and an act must not fail because of its label.
      accountName: event.accountName.slice(0, NAME_LENGTH),
      address: event.address,
      at: event.at,
      reason: event.reason ?? null,
    };
    await this.#dataSource
      .createQueryBuilder()
      .insert()
      .into(AuditRecord)
      .values(row)
      .updateEntity(false)
      .execute();
  }
}
