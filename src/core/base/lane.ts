/** There is no place at the moment: nothing was counted, and nothing was looked at. */
export interface Busy {
  readonly kind: 'busy';
}

/** Who wants a place. */
export interface Asker {
  /** `keyText` of his account. */
  readonly account: string;
  /** What counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
  readonly client: string;
}

export interface LaneBounds {
  /** Works going on at the same time; the others wait in their order. */
  readonly atOnce: number;
  /** Places in all, those of work going on included. */
  readonly places: number;
  readonly perAccount: number;
  readonly perClient: number;
}

/** A place in a lane. Work begins in the order in which it was brought. */
export interface Place {
  /** Does the work when its turn has come. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Gives the place back; more than once is no error. */
  leave(): void;
}

/**
 * A bounded queue for work that costs much, of one process. A place is taken before anything is counted, so that
 * whoever gets none has lost nothing; and no account and no client can hold them all.
 */
export class Lane {
  readonly #bounds: LaneBounds;
  readonly #held = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #places = 0;
  #running = 0;

  constructor(bounds: LaneBounds) {
    this.#bounds = bounds;
  }

  /** Undefined when the lane is full, or as full as it may be for this account or this client. */
  take({ account, client }: Asker): Place | undefined {
    const owners = [`account/${account}`, `client/${client}`] as const;
    const { places, perAccount, perClient } = this.#bounds;
    if (this.#places >= places) return undefined;
    if (this.#heldBy(owners[0]) >= perAccount || this.#heldBy(owners[1]) >= perClient) return undefined;
    this.#count(owners, 1);
    let isLeft = false;
    return {
      run: (work) => this.#run(work),
      leave: () => {
        if (!isLeft) this.#count(owners, -1);
        isLeft = true;
      },
    };
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

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#bounds.atOnce) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
