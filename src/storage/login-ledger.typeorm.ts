import { type DataSource, LessThan } from 'typeorm';
import type { LoginLedger } from '../core/login/login-ledger.js';
import { OpenedLogin } from './entities/opened-login.js';
import { insertOnce } from './insert-once.js';

/** The ledger of opened logins in the database: the primary key decides who was first. */
export class TypeOrmLoginLedger implements LoginLedger {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  open(id: string, at: number): Promise<boolean> {
    return insertOnce(this.#dataSource, OpenedLogin, { id, openedAt: at });
  }

  async prune(before: number): Promise<number> {
    const result = await this.#dataSource.getRepository(OpenedLogin).delete({ openedAt: LessThan(before) });
    return result.affected ?? 0;
  }
}
