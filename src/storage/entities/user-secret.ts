import { Entity, PrimaryColumn } from 'typeorm';
import { varchar } from './columns.js';
import { FactorRow } from './factor-row.js';

/** Factors of panel users (realm `user`). */
@Entity({ name: 'twofa_user_secret' })
export class UserSecret extends FactorRow {
  @PrimaryColumn({ ...varchar('account_id', 64), primaryKeyConstraintName: 'pk_twofa_user_secret' })
  override accountId!: string;
}
