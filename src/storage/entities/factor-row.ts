import { Column } from 'typeorm';
import { bigint, varchar } from './columns.js';

/**
 * The factor of an account, or what is left of a removed one: all of its state in one row, so that every verb of the
 * `FactorStore` is one conditional statement and none needs a transaction.
 *
 * While `removedGeneration` is null the factor is active and no column up to `lastStep` is null; a tombstone keeps
 * `generation`, `removedGeneration` and `removedAt` and nothing else.
 */
export abstract class FactorRow {
  /** The panel's own primary key; the realm is the table. */
  abstract accountId: string;

  @Column(varchar('generation', 64))
  generation!: string;

  @Column({ ...varchar('removed_generation', 64), nullable: true })
  removedGeneration!: string | null;

  /** Milliseconds of the panel's clock. */
  @Column({ ...bigint('removed_at'), nullable: true })
  removedAt!: number | null;

  @Column({ ...varchar('sealed_secret', 255), nullable: true })
  sealedSecret!: string | null;

  @Column({ name: 'period', type: 'smallint', nullable: true })
  period!: number | null;

  /** Milliseconds of the panel's clock. */
  @Column({ ...bigint('activated_at'), nullable: true })
  activatedAt!: number | null;

  @Column({ ...varchar('recovery_salt', 64), nullable: true })
  recoverySalt!: string | null;

  /** Hexadecimal digests with a space between. */
  @Column({ name: 'recovery_digests', type: 'text', nullable: true })
  recoveryDigests!: string | null;

  /** Bit i is set when code i was used. */
  @Column({ name: 'recovery_used', type: 'integer' })
  recoveryUsed!: number;

  @Column({ ...bigint('last_step'), nullable: true })
  lastStep!: number | null;

  @Column({ ...bigint('last_used_at'), nullable: true })
  lastUsedAt!: number | null;

  @Column({ name: 'failures', type: 'integer' })
  failures!: number;

  @Column({ ...bigint('locked_until'), nullable: true })
  lockedUntil!: number | null;
}
