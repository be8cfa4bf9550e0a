import { type DataSource, In, IsNull, Not } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { type AccountKey, keyText, REALMS, type Realm } from '../core/account/account.js';
import type { FactorState, NewFactor, RecoverySet } from '../core/codes/factor.js';
import type { Attempt, FactorStore } from '../core/codes/factor-store.js';
import type { FailureRule } from '../core/codes/failure-rule.js';
import type { FactorRow } from './entities/factor-row.js';
import { ENTITY } from './factor-entities.js';
import { factorPage } from './factor-pages.js';
import { activatedColumns, CLEARED_COLUMNS, recoveryColumns, toState } from './factor-state.js';
import { findStatement } from './find-statement.js';
import { insertOnce } from './insert-once.js';
import { lockLadder } from './lock-ladder.js';

/** The highest bit that a signed integer of 32 bit gives to recovery codes. */
const LAST_BIT = 30;

/** A success of any kind ends the row of failures, and so does the operator. */
const SUCCESS = { failures: 0, lockedUntil: null };

/**
 * Factors in the database. Each change is one conditional UPDATE or INSERT and no transaction: whoever finds the row
 * as he named it wins, on any number of nodes.
 */
export class TypeOrmFactorStore implements FactorStore {
  readonly #dataSource: DataSource;
  readonly #rule: FailureRule;
  readonly #lockLadder: string;
  readonly #findStatement: Record<Realm, string>;

  constructor(dataSource: DataSource, rule: FailureRule) {
    this.#dataSource = dataSource;
    this.#rule = rule;
    this.#lockLadder = lockLadder(rule);
    this.#findStatement = {
      user: findStatement(dataSource, ENTITY.user),
      mailuser: findStatement(dataSource, ENTITY.mailuser),
    };
  }

  async find(key: AccountKey): Promise<FactorState> {
    const [row] = await this.#dataSource.query(this.#findStatement[key.realm], [key.id]);
    return toState({ realm: key.realm, id: key.id }, row);
  }

  async activate(factor: NewFactor, replaces: string | undefined): Promise<boolean> {
    const { key } = factor;
    const columns = activatedColumns(factor);
    if (replaces === undefined) {
      return insertOnce(this.#dataSource, ENTITY[key.realm], { accountId: key.id, ...columns });
    }
    return this.#change(key, columns, 'generation = :replaces', { replaces });
  }

  remove(
    key: AccountKey,
    generation: string,
    tombstone: { generation: string; removedAt: number },
  ): Promise<boolean> {
    const columns = { ...CLEARED_COLUMNS, ...tombstone, removedGeneration: generation };
    return this.#changeActive(key, generation, columns);
  }

  renewRecoveryCodes(
    key: AccountKey,
    generation: string,
    replaces: string,
    recovery: RecoverySet,
  ): Promise<boolean> {
    const condition = 'recovery_salt = :replaces';
    return this.#changeActive(key, generation, recoveryColumns(recovery), condition, { replaces });
  }

  async spendAttempt(key: AccountKey, generation: string, now: number): Promise<Attempt> {
    const limit = this.#rule.codeLimit;
    // MySQL assigns from left to right and the ladder reads the old count: the lock comes first.
    const columns = {
      lockedUntil: () => `${milliseconds(now)} + ${this.#lockLadder}`,
      failures: () => 'failures + 1',
    };
    const condition = '(locked_until IS NULL OR locked_until <= :now) AND failures < :limit';
    if (await this.#changeActive(key, generation, columns, condition, { now, limit })) {
      return { kind: 'spent' };
    }
    const state = await this.find(key);
    if (state.kind !== 'active' || state.factor.generation !== generation) {
      return { kind: 'gone' };
    }
    const { failures, lockedUntil } = state.factor;
    if (failures >= limit) {
      return { kind: 'exhausted' };
    }
    if (lockedUntil !== undefined && lockedUntil > now) {
      return { kind: 'locked', until: lockedUntil };
    }
    // A success in between has cleared the row.
    return this.spendAttempt(key, generation, now);
  }

  claimStep(key: AccountKey, generation: string, step: number, now: number): Promise<boolean> {
    const columns = { ...SUCCESS, lastStep: step, lastUsedAt: now };
    return this.#changeActive(key, generation, columns, 'last_step < :step', { step });
  }

  async claimRecoveryCode(
    key: AccountKey,
    generation: string,
    salt: string,
    index: number,
    now: number,
  ): Promise<boolean> {
    if (!Number.isInteger(index) || index < 0 || index > LAST_BIT) {
      throw new RangeError(`There is no recovery code ${index}`);
    }
    const bit = 1 << index;
    const columns = { ...SUCCESS, lastUsedAt: now, recoveryUsed: () => `recovery_used | ${bit}` };
    const condition = 'recovery_salt = :salt AND (recovery_used & :bit) = 0';
    return this.#changeActive(key, generation, columns, condition, { salt, bit });
  }

  unlock(key: AccountKey, generation: string): Promise<boolean> {
    return this.#changeActive(key, generation, SUCCESS);
  }

  async list(keys: readonly AccountKey[]): Promise<FactorState[]> {
    const rows = new Map<string, FactorRow>();
    for (const realm of REALMS) {
      const ids = keys.filter((key) => key.realm === realm).map((key) => key.id);
      if (ids.length > 0) {
        const found = await this.#dataSource.getRepository(ENTITY[realm]).findBy({ accountId: In(ids) });
        for (const row of found) {
          rows.set(keyText({ realm, id: row.accountId }), row);
        }
      }
    }
    return keys.map(({ realm, id }) => toState({ realm, id }, rows.get(keyText({ realm, id }))));
  }

  async walk(after: AccountKey | undefined, limit: number): Promise<AccountKey[]> {
    return (await factorPage(this.#dataSource, after, limit)).map(({ key }) => key);
  }

  #changeActive(
    key: AccountKey,
    generation: string,
    columns: QueryDeepPartialEntity<FactorRow>,
    condition = '1 = 1',
    parameters: Record<string, unknown> = {},
  ): Promise<boolean> {
    const active = `generation = :active AND removed_generation IS NULL AND ${condition}`;
    return this.#change(key, columns, active, { ...parameters, active: generation });
  }

  async #change(
    key: AccountKey,
    columns: QueryDeepPartialEntity<FactorRow>,
    condition: string,
    parameters: Record<string, unknown>,
  ): Promise<boolean> {
    const result = await this.#dataSource
      .createQueryBuilder()
      .update(ENTITY[key.realm])
      .set(columns)
      .where(`account_id = :accountId AND ${condition}`, { ...parameters, accountId: key.id })
      .execute();
    return result.affected === 1;
  }
}

/** Is there anything that a lost key file would leave closed? */
export async function hasFactors(dataSource: DataSource): Promise<boolean> {
  for (const realm of REALMS) {
    if (await dataSource.getRepository(ENTITY[realm]).existsBy({ sealedSecret: Not(IsNull()) })) {
      return true;
    }
  }
  return false;
}

/** A number that goes into the text of a statement, where PostgreSQL would take a parameter for 32 bit. */
function milliseconds(value: number): number {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Not a time in whole milliseconds: ${value}`);
  }
  return value;
}
