import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigint, varchar } from './columns.js';

/** One pending login that was opened, kept so that it is never opened again. */
@Entity({ name: 'twofa_opened_login' })
export class OpenedLogin {
  @PrimaryColumn({ ...varchar('id', 64), primaryKeyConstraintName: 'pk_twofa_opened_login' })
  id!: string;

  /** Milliseconds since 1970; what `prune` goes by. */
  @Index('ix_twofa_opened_login_at')
  @Column(bigint('opened_at'))
  openedAt!: number;
}
