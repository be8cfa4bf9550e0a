import type { AccountKey } from '../account/account.js';
import type { Clock } from '../base/clock.js';
import type { KeptKeys, KeyKeeper } from './key-keeper.js';
import { KeyRing } from './key-ring.js';
import type { SealedSecret, SealedSecrets } from './sealed-secrets.js';
import { Sealer, sealingKeyId, UnsealError } from './sealing.js';

const PAGE = 100;

/**
 * After a change of the key file every process has read it, and has stored what it sealed before. Processes look every
 * two seconds, and a Save asks the panel for its time and writes, two seconds each at most.
 */
export const SETTLE_MS = 7_000;

export interface RotationOptions {
  /** Only add a key that nobody uses yet. */
  readonly prepare: boolean;
  /** Do not keep the old key for what was made with it. */
  readonly now: boolean;
}

export type RotationStep =
  | { readonly kind: 'added' | 'activated'; readonly id: string }
  | { readonly kind: 'resealed'; readonly count: number }
  | { readonly kind: 'dropped'; readonly ids: readonly string[] };

export type RotationResult =
  | { readonly kind: 'prepared' | 'done'; readonly active: string }
  /** Nothing in the database needs the old keys, but cookies and forms may, until `until` (milliseconds since 1970). */
  | {
      readonly kind: 'kept';
      readonly active: string;
      readonly ids: readonly string[];
      readonly until: number;
    }
  /** Secrets that do not open: changed, or moved to another account. Their key cannot be dropped. */
  | { readonly kind: 'unreadable'; readonly accounts: readonly AccountKey[] };

export interface KeyRotationDeps {
  readonly keeper: KeyKeeper;
  readonly secrets: SealedSecrets;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** As long as anything made with a key can be valid: the age of clearances, and never less than an enrolment. */
  readonly keepMs: number;
  /** Told of each step when it is done; the next begins when this is over, and not when it rejects. */
  readonly told: (step: RotationStep) => unknown;
}

/**
 * Changes the key: add, activate, re-seal, drop. Where it stands can be read from the key file and the rows alone, so a
 * run that was killed is continued by the next one. A key is known to all processes before the first uses it, and
 * dropped when the last thing made with it is over.
 */
export class KeyRotation {
  readonly #deps: KeyRotationDeps;

  constructor(deps: KeyRotationDeps) {
    this.#deps = deps;
  }

  async run({ prepare, now }: RotationOptions): Promise<RotationResult> {
    const { keeper, clock, told } = this.#deps;
    let ring = await keeper.read();
    if (ring.keys.size === 1) {
      ring = await keeper.add(clock());
      await told({ kind: 'added', id: preparedKey(ring) ?? '' });
    }
    const prepared = preparedKey(ring);
    if (prepare) return { kind: 'prepared', active: ring.active };
    if (prepared) {
      await this.#settle(ring.times.get(prepared)?.added);
      ring = await keeper.activate(prepared, clock());
      await told({ kind: 'activated', id: prepared });
    } else if (retiredKeys(ring).some((id) => ring.times.get(id)?.retired === undefined)) {
      ring = await keeper.activate(ring.active, clock());
    }
    await this.#settle(Math.max(...retiredKeys(ring).map((id) => ring.times.get(id)?.retired ?? 0)));
    const unreadable = await this.#reseal(ring);
    return this.#drop(ring, unreadable, now);
  }

  async #settle(since = 0): Promise<void> {
    const left = since + SETTLE_MS - this.#deps.clock();
    if (left > 0) await this.#deps.pause(Math.min(left, SETTLE_MS));
  }

  /** Re-seals all that opens, until nothing is left; what does not open. */
  async #reseal(ring: KeptKeys): Promise<AccountKey[]> {
    const { secrets, told } = this.#deps;
    const sealer = new Sealer(new KeyRing(ring));
    let count = 0;
    for (;;) {
      const unreadable: AccountKey[] = [];
      let again = false;
      for await (const secret of this.#others(ring.active)) {
        if (!ring.keys.has(sealingKeyId(secret.text))) continue;
        const text = resealed(sealer, secret);
        if (text === undefined) unreadable.push(secret.key);
        else if (await secrets.replace(secret, text)) count += 1;
        // Somebody changed the factor meanwhile; what it is now is looked at in another round.
        else again = true;
      }
      if (again) continue;
      if (count > 0) await told({ kind: 'resealed', count });
      return unreadable;
    }
  }

  async *#others(active: string): AsyncIterable<SealedSecret> {
    let after: AccountKey | undefined;
    for (;;) {
      const page = await this.#deps.secrets.notSealedWith(active, after, PAGE);
      yield* page;
      after = page.at(-1)?.key;
      if (!after) return;
    }
  }

  async #drop(ring: KeptKeys, unreadable: readonly AccountKey[], now: boolean): Promise<RotationResult> {
    const { keeper, secrets, clock, keepMs, told } = this.#deps;
    const used = await secrets.countByKey();
    const endOf = (id: string) => (ring.times.get(id)?.retired ?? clock()) + keepMs;
    const free = retiredKeys(ring).filter((id) => !used.get(id));
    const over = free.filter((id) => now || endOf(id) <= clock());
    if (over.length > 0) {
      await keeper.drop(over);
      await told({ kind: 'dropped', ids: over });
    }
    if (unreadable.length > 0) return { kind: 'unreadable', accounts: unreadable };
    const kept = retiredKeys(ring).filter((id) => !over.includes(id));
    if (kept.length === 0) return { kind: 'done', active: ring.active };
    return { kind: 'kept', active: ring.active, ids: kept, until: Math.max(...kept.map(endOf)) };
  }
}

/** The key that was added and is not used yet. */
export function preparedKey({ active, keys, times }: KeptKeys): string | undefined {
  return [...keys.keys()].find((id) => {
    const { added, retired } = times.get(id) ?? {};
    return id !== active && added !== undefined && retired === undefined;
  });
}

function retiredKeys(ring: KeptKeys): string[] {
  const prepared = preparedKey(ring);
  return [...ring.keys.keys()].filter((id) => id !== ring.active && id !== prepared);
}

function resealed(sealer: Sealer, { key, text }: SealedSecret): string | undefined {
  try {
    return sealer.seal('factor', key, sealer.open('factor', key, text));
  } catch (error) {
    if (error instanceof UnsealError) return undefined;
    throw error;
  }
}
