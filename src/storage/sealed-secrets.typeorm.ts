import type { DataSource } from 'typeorm';
import { type AccountKey, REALMS } from '../core/account/account.js';
import type { SealedSecret, SealedSecrets } from '../core/keys/sealed-secrets.js';
import { ENTITY } from './factor-entities.js';
import { factorPage } from './factor-pages.js';

/** Digits of a key's id, with which every sealed secret begins. */
const ID_LENGTH = 8;

/** The sealed secrets in the rows of the factors. */
export class TypeOrmSealedSecrets implements SealedSecrets {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async countByKey(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    const id = `SUBSTR(factor.sealedSecret, 1, ${ID_LENGTH})`;
    for (const realm of REALMS) {
      const rows: { id: string; count: number | string }[] = await this.#dataSource
        .getRepository(ENTITY[realm])
        .createQueryBuilder('factor')
        .select(id, 'id')
        .addSelect('COUNT(*)', 'count')
        .where('factor.sealedSecret IS NOT NULL')
        .groupBy(id)
        .getRawMany();
      for (const row of rows) counts.set(row.id, (counts.get(row.id) ?? 0) + Number(row.count));
    }
    return counts;
  }

  async notSealedWith(keyId: string, after: AccountKey | undefined, limit: number): Promise<SealedSecret[]> {
    const page = await factorPage(this.#dataSource, after, limit, (query) => {
      query.andWhere(`SUBSTR(factor.sealedSecret, 1, ${ID_LENGTH + 1}) <> :own`, { own: `${keyId}.` });
    });
    return page.map(({ key, generation, sealedSecret }) => ({ key, generation, text: sealedSecret }));
  }

  async replace({ key, generation, text: old }: SealedSecret, text: string): Promise<boolean> {
    const result = await this.#dataSource
      .createQueryBuilder()
      .update(ENTITY[key.realm])
      .set({ sealedSecret: text })
      .where('account_id = :id AND generation = :generation AND removed_generation IS NULL', {
        id: key.id,
        generation,
      })
      .andWhere('sealed_secret = :old', { old })
      .execute();
    return result.affected === 1;
  }
}
