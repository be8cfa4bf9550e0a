import type { DataSource } from 'typeorm';
import { AuditSeal } from '../../src/core/audit/audit-seal.js';
import { AuditVerification } from '../../src/core/audit/audit-verification.js';
import { TypeOrmAuditLog } from '../../src/storage/audit-log.typeorm.js';
import { auditRows } from '../../src/storage/audit-rows.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { TypeOrmLoginLedger } from '../../src/storage/login-ledger.typeorm.js';
import { TypeOrmSealedSecrets } from '../../src/storage/sealed-secrets.typeorm.js';
import { auditArchiveContract } from './audit-archive.contract.js';
import { auditLogContract } from './audit-log.contract.js';
import { factorAttemptsContract } from './factor-attempts.contract.js';
import { factorClaimsContract } from './factor-claims.contract.js';
import { factorStoreContract } from './factor-store.contract.js';
import { RULE } from './factors.js';
import { loginLedgerContract } from './login-ledger.contract.js';
import { alternating } from './parallel.js';
import { sealedSecretsContract } from './sealed-secrets.contract.js';

/** Runs every contract of the database on nodes that share one; what holds must hold across them. */
export function databaseContracts(name: string, nodes: readonly DataSource[]): void {
  const seal = new AuditSeal(Buffer.alloc(32, 9));
  const factors = () => alternating(nodes.map((node) => new TypeOrmFactorStore(node, RULE)));
  factorStoreContract(name, factors);
  factorClaimsContract(name, factors);
  factorAttemptsContract(name, factors);
  sealedSecretsContract(name, () => ({
    factors: factors(),
    secrets: alternating(nodes.map((node) => new TypeOrmSealedSecrets(node))),
  }));
  loginLedgerContract(name, () => alternating(nodes.map((node) => new TypeOrmLoginLedger(node))));
  auditLogContract(name, () => ({
    log: alternating(nodes.map((node) => new TypeOrmAuditLog(node, seal))),
    read: async (accountId) => {
      const events = [];
      for await (const { event } of auditRows(nodes[0] as DataSource, { accountId })) events.push(event);
      return events;
    },
    verify: async () => {
      const verification = new AuditVerification(seal);
      for await (const row of auditRows(nodes[0] as DataSource)) verification.next(row);
      return verification.end();
    },
  }));
  auditArchiveContract(name, nodes, seal);
}
