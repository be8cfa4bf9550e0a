import type { AccountKey } from '../account/account.js';
import type { FactorStore } from './factor-store.js';
import { newGeneration } from './generation.js';

const LOOK_AGAIN_MS = 50;
/** A panel that counts whole seconds has moved on after so many looks; one whose clock stands still is not waited for. */
const MOST_LOOKS = 25;

export interface RemovalDeps {
  readonly factors: FactorStore;
  /** The panel's clock, which session starts are read from; milliseconds since 1970. */
  readonly panelClock: () => Promise<number>;
}

/** Removes this generation of a factor and leaves a tombstone; false when somebody else changed it first. */
export async function removeFactor(
  { factors, panelClock }: RemovalDeps,
  key: AccountKey,
  generation: string,
): Promise<boolean> {
  return factors.remove(key, generation, { generation: newGeneration(), removedAt: await panelClock() });
}

/**
 * Resolves when a session that begins from now on is later, by the panel's clock, than a removal just made: one of the same
 * second cannot be told from one that waited for its code, and is ended. Never rejects, since the removal is done.
 */
export async function untilLater({ panelClock }: RemovalDeps): Promise<void> {
  try {
    const now = await panelClock();
    for (let look = 0; look < MOST_LOOKS && (await panelClock()) <= now; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  } catch {
    // Whoever logs in within this second is asked for the password once more.
  }
}
