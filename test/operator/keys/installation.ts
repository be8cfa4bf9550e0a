import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { AccountKey } from '../../../src/core/account/account.js';
import { FAILURE_RULE } from '../../../src/core/codes/failure-rule.js';
import { KeyRing } from '../../../src/core/keys/key-ring.js';
import { Sealer, sealingKeyId } from '../../../src/core/keys/sealing.js';
import { openDataSource } from '../../../src/storage/data-source.js';
import { TypeOrmFactorStore } from '../../../src/storage/factor-store.typeorm.js';
import { loadKeyFile, readKeyFile } from '../../../src/storage/key-file.js';
import { factorOf, NOW, newFactor } from '../../contracts/factors.js';
import { manifestSchema } from '../../storage/sqlite.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A data folder as the demo panel has one, with some factors; the database is open in this process. */
export class Installation {
  readonly data: string;
  readonly keyFile: string;
  readonly database: string;
  readonly dataSource: DataSource;
  readonly factors: TypeOrmFactorStore;
  readonly #secrets = new Map<AccountKey, Buffer>();

  static async create(accounts: number): Promise<Installation> {
    const data = tempFolder();
    const dataSource = await openDataSource(
      `sqlite:${join(data, 'panel-2fa.sqlite')}`,
      await manifestSchema(),
    );
    const installation = new Installation(data, dataSource);
    await loadKeyFile(installation.keyFile, async () => true);
    for (let id = 1; id <= accounts; id++) {
      await installation.enrol({ realm: id % 2 ? 'user' : 'mailuser', id: String(id) });
    }
    return installation;
  }

  private constructor(data: string, dataSource: DataSource) {
    this.data = data;
    this.keyFile = join(data, 'key');
    this.database = `sqlite:${join(data, 'panel-2fa.sqlite')}`;
    this.dataSource = dataSource;
    this.factors = new TypeOrmFactorStore(dataSource, FAILURE_RULE);
  }

  get keyIds(): string[] {
    return [...readKeyFile(this.keyFile).keys.keys()];
  }

  /** Gives an account a factor whose secret is sealed with the active key, as a running program would. */
  async enrol(key: AccountKey, generation = 'first', replaces?: string): Promise<void> {
    const secret = randomBytes(20);
    this.#secrets.set(key, secret);
    const sealedSecret = this.sealer().seal('factor', key, secret);
    const factor = newFactor(key, generation, { sealedSecret, activatedAt: NOW });
    assert.ok(await this.factors.activate(factor, replaces));
  }

  sealer(): Sealer {
    return new Sealer(new KeyRing(readKeyFile(this.keyFile)));
  }

  /** Every secret opens with the keys of the file and is what it was; the ids of the keys that they need. */
  async opened(): Promise<Set<string>> {
    const ids = new Set<string>();
    for (const [key, secret] of this.#secrets) {
      const { sealedSecret } = await factorOf(this.factors, key);
      assert.deepEqual(this.sealer().open('factor', key, sealedSecret), secret);
      ids.add(sealingKeyId(sealedSecret));
    }
    return ids;
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }
}
