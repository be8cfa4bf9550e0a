import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { type AccountKey, REALMS } from '../core/account/account.js';
import type { FactorRow } from './entities/factor-row.js';
import { ENTITY } from './factor-entities.js';

export interface FoundFactor {
  readonly key: AccountKey;
  readonly generation: string;
  readonly sealedSecret: string;
}

/** A page of active factors after `after`: realm by realm, in the order of the primary key, which deletions do not shift. */
export async function factorPage(
  dataSource: DataSource,
  after: AccountKey | undefined,
  limit: number,
  narrow: (query: SelectQueryBuilder<FactorRow>) => void = () => undefined,
): Promise<FoundFactor[]> {
  const found: FoundFactor[] = [];
  for (const realm of REALMS.slice(after ? REALMS.indexOf(after.realm) : 0)) {
    const query = dataSource
      .getRepository(ENTITY[realm])
      .createQueryBuilder('factor')
      .select(['factor.accountId', 'factor.generation', 'factor.sealedSecret'])
      .where('factor.removedGeneration IS NULL')
      .orderBy('factor.accountId')
      .limit(limit - found.length);
    if (after?.realm === realm) query.andWhere('factor.accountId > :after', { after: after.id });
    narrow(query);
    for (const { accountId, generation, sealedSecret } of await query.getMany()) {
      found.push({ key: { realm, id: accountId }, generation, sealedSecret: sealedSecret ?? '' });
    }
    if (found.length >= limit) break;
  }
  return found;
}
