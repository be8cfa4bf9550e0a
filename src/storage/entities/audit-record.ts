import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { bigint, varchar } from './columns.js';

/** One audit event. `id` is the sequence: one more than the row before, chosen by who appends. */
@Entity({ name: 'twofa_audit' })
@Index('ix_twofa_audit_account', ['accountRealm', 'accountId'])
export class AuditRecord {
  @PrimaryGeneratedColumn('increment', {
    name: 'id',
    type: 'integer',
    primaryKeyConstraintName: 'pk_twofa_audit',
  })
  id!: number;

  @Column(varchar('action', 64))
  action!: string;

  @Column(varchar('actor_realm', 16))
  actorRealm!: string;

  @Column(varchar('actor_id', 64))
  actorId!: string;

  @Column(varchar('account_realm', 16))
  accountRealm!: string;

  @Column(varchar('account_id', 64))
  accountId!: string;

  @Column(varchar('account_name', 255))
  accountName!: string;

  @Column(varchar('address', 64))
  address!: string;

  /** Milliseconds since 1970. */
  @Column(bigint('at'))
  at!: number;

  @Column({ ...varchar('reason', 64), nullable: true })
  reason!: string | null;

  /** Which audit key made the MAC; null, as the MAC, in rows older than the seal. */
  @Column({ ...varchar('key_id', 8), nullable: true })
  keyId!: string | null;

  @Column({ ...varchar('mac', 64), nullable: true })
  mac!: string | null;
}
