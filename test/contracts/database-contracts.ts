import type { DataSource } from 'typeorm';
import type { AuditEvent } from '../../src/core/audit.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { AuditRecord } from '../../src/storage/entities/audit-record.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { TypeOrmLoginLedger } from '../../src/storage/login-ledger.typeorm.js';
import { auditLogContract } from './audit-log.contract.js';
import { factorAttemptsContract } from './factor-attempts.contract.js';
import { factorClaimsContract } from './factor-claims.contract.js';
import { factorStoreContract } from './factor-store.contract.js';
import { RULE } from './factors.js';
import { loginLedgerContract } from './login-ledger.contract.js';
import { alternating } from './parallel.js';

/** Runs every contract of the database on nodes that share one; what holds must hold across them. */
export function databaseContracts(name: string, nodes: readonly DataSource[]): void {
  const factors = () => alternating(nodes.map((node) => new TypeOrmFactorStore(node, RULE)));
  factorStoreContract(name, factors);
  factorClaimsContract(name, factors);
  factorAttemptsContract(name, factors);
  loginLedgerContract(name, () => alternating(nodes.map((node) => new TypeOrmLoginLedger(node))));
  auditLogContract(name, () => ({
    log: alternating(nodes.map((node) => new TypeOrmAuditLog(node, seal))),
    read: async (accountId) => {
      const repository = (nodes[0] as DataSource).getRepository(AuditRecord);
      return (await repository.find({ where: { accountId }, order: { id: 'ASC' } })).map(toEvent);
    },
  }));
}

function toEvent(row: AuditRecord): AuditEvent {
  return {
    action: row.action,
    actor: { realm: row.actorRealm, id: row.actorId },
    account: { realm: row.accountRealm, id: row.accountId },
    accountName: row.accountName,
    address: row.address,
    at: row.at,
    ...(row.reason === null ? {} : { reason: row.reason }),
  } as AuditEvent;
}
