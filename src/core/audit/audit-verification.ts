import { archivedEnd, ORIGIN, sameHead } from './audit-archive.js';
import { type AuditHead, type AuditRow, type AuditSeal, UnsealedDigest } from './audit-seal.js';

/** What is wrong with the log, at its first wrong sequence. */
export type AuditBreak =
  /** A row does not fit to its MAC or to the row before: it was changed, or it was put in. */
  | 'changed'
  /** A sequence is missing while later ones are there, and no row says that it was archived. */
  | 'removed'
  /** A row without a seal among or after sealed ones. */
  | 'unsealed'
  /** The row was sealed with another key than the one in the key file. */
  | 'other-key'
  /** The log ends before the head that was noted, or has no sealed row at all. */
  | 'cut-off'
  /** All MACs are right, but the row at the saved head differs: somebody with the key rewrote the log. */
  | 'other-head';

/** What the first row that is looked at follows. */
export interface AuditStart {
  readonly after: AuditHead;
  /** False: only a row says so, and it has to be among those that are looked at. */
  readonly proven: boolean;
}

export type AuditVerdict =
  | {
      readonly kind: 'intact';
      readonly head: AuditHead;
      /** What was before the first row. */
      readonly after: AuditHead;
      readonly sealed: number;
      readonly unsealed: number;
    }
  | { readonly kind: 'broken'; readonly sequence: number; readonly because: AuditBreak };

/** Goes through the log row by row, in the order of the sequence. */
export class AuditVerification {
  readonly #seal: AuditSeal;
  readonly #noted: AuditHead | undefined;
  readonly #after: AuditHead;
  readonly #digest = new UnsealedDigest();
  #broken: Extract<AuditVerdict, { kind: 'broken' }> | undefined;
  #head: AuditHead | undefined;
  #isStartProven: boolean;
  #last: number;
  #sealed = 0;
  #unsealed = 0;

  /** `noted` is a head that the log had earlier, not before the start. */
  constructor(seal: AuditSeal, noted?: AuditHead, start: AuditStart = { after: ORIGIN, proven: true }) {
    this.#seal = seal;
    this.#noted = noted;
    this.#after = start.after;
    this.#last = start.after.sequence;
    this.#isStartProven = start.proven || this.#last === 0;
    if (this.#last === 0) return;
    this.#head = start.after;
    if (this.#isOther(start.after)) {
      this.#broken = { kind: 'broken', sequence: this.#last, because: 'other-head' };
    }
  }

  /** The last row so far. */
  get head(): AuditHead {
    return this.#head ?? { sequence: this.#last, mac: '' };
  }

  /** False when there is no need to read on. */
  next(row: AuditRow): boolean {
    if (this.#broken) return false;
    const because =
      row.sequence < 1 ? 'changed' : row.mac === null ? this.#takeUnsealed(row) : this.#take(row, row.mac);
    if (because) {
      const sequence = because === 'removed' ? this.#last + 1 : row.sequence;
      this.#broken = { kind: 'broken', sequence, because };
    }
    this.#last = row.sequence;
    return !because;
  }

  end(): AuditVerdict {
    if (this.#broken) return this.#broken;
    if (!this.#isStartProven) return { kind: 'broken', sequence: 1, because: 'removed' };
    const head = this.#head;
    if (!head || (this.#noted && this.#noted.sequence > head.sequence)) {
      return { kind: 'broken', sequence: this.#last + 1, because: 'cut-off' };
    }
    const [after, sealed, unsealed] = [this.#after, this.#sealed, this.#unsealed];
    return { kind: 'intact', head, after, sealed, unsealed };
  }

  #takeUnsealed(row: AuditRow): AuditBreak | undefined {
    if (this.#head) return 'unsealed';
    this.#digest.add(row);
    this.#unsealed += 1;
    return this.#noted?.sequence === row.sequence ? 'other-head' : undefined;
  }

  #take(row: AuditRow, mac: string): AuditBreak | undefined {
    if (row.sequence !== this.#last + 1) return 'removed';
    if (row.keyId !== this.#seal.keyId) return 'other-key';
    const previous = this.#head?.mac ?? this.#digest.end();
    if (mac !== this.#seal.mac(previous, row.sequence, row.event)) return 'changed';
    this.#head = { sequence: row.sequence, mac };
    this.#sealed += 1;
    const archived = archivedEnd(row.event);
    if (archived && sameHead(archived, this.#after)) this.#isStartProven = true;
    return this.#isOther(this.#head) ? 'other-head' : undefined;
  }

  #isOther({ sequence, mac }: AuditHead): boolean {
    return this.#noted?.sequence === sequence && this.#noted.mac !== mac;
  }
}
