import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session of somebody who has logged in; visitors of the login page have none. */
@Entity({ name: 'panel_session' })
export class PanelSessionRow {
  @PrimaryColumn({
    name: 'id',
    type: 'varchar',
    length: 64,
    primaryKeyConstraintName: 'pk_panel_session',
  })
  id!: string;

  /** `realm:id` of the account whose password opened it. */
  @Index('ix_panel_session_owner')
  @Column({ name: 'owner', type: 'varchar', length: 80 })
  owner!: string;

  /** JSON. */
  @Column({ name: 'data', type: 'text' })
  data!: string;

  /** Milliseconds since 1970. */
  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt!: number;
}
