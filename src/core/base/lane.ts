import { networkOf } from './network.js';

/** There is no free place at the moment: nothing was counted or checked. */
export interface Busy {
  readonly kind: 'busy';
}

/** Who wants a place; by what is not known nobody is counted. */
export interface Asker {
  /** `keyText` of his account. */
  readonly account?: string;
  /** What counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
  readonly client?: string;
}

export interface LaneBounds {
  /** Works going on at the same time; the others wait. */
  readonly atOnce: number;
  /** Places in all, those of work going on included. */
  readonly places: number;
  readonly perAccount: number;
  readonly perClient: number;
}

/** A place in a lane. */
export interface Place {
  /** Does the work when its turn has come. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Gives the place back; calling it again is not an error. */
  leave(): void;
}

interface Waiting {
  readonly round: number;
  readonly go: () => void;
}

/** An IPv6 network of one customer counts as so many clients, and never gets more than half of all places. */
const CLIENTS_OF_A_NETWORK = 8;

/**
 * A bounded queue for work that costs much, of one process. A place is taken before anything is counted, so that
 * whoever gets none has lost nothing; and no account and no client can hold them all. The fewer places are free, the fewer a client
 * may hold, so that many clients together leave some to one who comes new (dynamic thresholds, as in switches that
 * share a buffer). The first of everybody goes before
 * the second of anybody, so that nobody waits for all that another one has brought.
 */
export class Lane {
  readonly #bounds: LaneBounds;
  readonly #held = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #places = 0;
  #running = 0;

  constructor(bounds: LaneBounds) {
    this.#bounds = bounds;
  }

  /** Undefined when the lane is full, or as full as it may be for this account, this client or its network. */
  take(asker: Asker): Place | undefined {
    const bounds = this.#boundsOf(asker);
    if (this.#places >= this.#bounds.places) return undefined;
    if (bounds.some(([owner, most]) => this.#heldBy(owner) >= most)) return undefined;
    const owners = bounds.map(([owner]) => owner);
    const round = Math.max(0, ...owners.map((owner) => this.#heldBy(owner)));
    this.#count(owners, 1);
    let isLeft = false;
    return {
      run: (work) => this.#run(round, work),
      leave: () => {
        if (!isLeft) this.#count(owners, -1);
        isLeft = true;
      },
    };
  }

  #boundsOf({ account, client }: Asker): [owner: string, most: number][] {
    const { places, perAccount, perClient } = this.#bounds;
    const bounds: [string, number][] = [];
    if (account !== undefined) bounds.push([`account/${account}`, perAccount]);
    if (client === undefined) return bounds;
    const free = (places - this.#places) / places;
    const share = Math.min(perClient, Math.max(1, Math.floor(2 * perClient * free)));
    bounds.push([`client/${client}`, share]);
    const network = networkOf(client);
    if (network !== undefined) {
      bounds.push([`network/${network}`, Math.min(CLIENTS_OF_A_NETWORK * share, Math.ceil(places / 2))]);
    }
    return bounds;
  }

  #heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }

  #count(owners: readonly string[], change: 1 | -1): void {
    this.#places += change;
    for (const owner of owners) {
      const held = this.#heldBy(owner) + change;
      if (held === 0) this.#held.delete(owner);
      else this.#held.set(owner, held);
    }
  }

  async #run<Result>(round: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#bounds.atOnce) this.#running += 1;
    else await new Promise<void>((go) => this.#line(round, go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.go();
      else this.#running -= 1;
    }
  }

  #line(round: number, go: () => void): void {
    const behind = this.#waiting.findIndex((waiting) => waiting.round > round);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { round, go });
  }
}
