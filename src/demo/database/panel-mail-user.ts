import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mailbox. Its ids are its own: the same number may be the id of a user too. */
@Entity({ name: 'panel_mail_user' })
export class PanelMailUser {
  @PrimaryColumn({ name: 'id', type: 'integer', primaryKeyConstraintName: 'pk_panel_mail_user' })
  id!: number;

  @Index('ux_panel_mail_user_email', { unique: true })
  @Column({ name: 'email', type: 'varchar', length: 255 })
  email!: string;

  @Column({ name: 'password', type: 'varchar', length: 200 })
  password!: string;

  @Column({ name: 'language', type: 'varchar', length: 2, nullable: true })
  language!: string | null;
}
