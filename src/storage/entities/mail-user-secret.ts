import { Entity, PrimaryColumn } from 'typeorm';
import { varchar } from './columns.js';
import { FactorRow } from './factor-row.js';

/** Factors of mailboxes (realm `mailuser`). */
@Entity({ name: 'twofa_mail_user_secret' })
export class MailUserSecret extends FactorRow {
  @PrimaryColumn({ ...varchar('account_id', 64), primaryKeyConstraintName: 'pk_twofa_mail_user_secret' })
  override accountId!: string;
}
