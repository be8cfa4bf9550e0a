import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type UserType = 'admin' | 'reseller' | 'client';

/** Somebody who manages: an admin, a reseller or a client. */
@Entity({ name: 'panel_user' })
export class PanelUser {
  @PrimaryColumn({ name: 'id', type: 'integer', primaryKeyConstraintName: 'pk_panel_user' })
  id!: number;

  @Index('ux_panel_user_name', { unique: true })
  @Column({ name: 'name', type: 'varchar', length: 64 })
  name!: string;

  @Column({ name: 'password', type: 'varchar', length: 200 })
  password!: string;

  @Column({ name: 'type', type: 'varchar', length: 16 })
  type!: UserType;

  /** The reseller whose client it is. */
  @Column({ name: 'reseller_id', type: 'integer', nullable: true })
  resellerId!: number | null;

  @Column({ name: 'language', type: 'varchar', length: 2, nullable: true })
  language!: string | null;

  @Column({ name: 'active', type: 'boolean' })
  active!: boolean;
}
