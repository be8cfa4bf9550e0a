import { createHash, createHmac, type Hash } from 'node:crypto';
import type { AuditEvent } from './audit.js';
import type { ArchiveRange } from './audit-archive.js';

/** The end of the log: its last sequence and that row's MAC. Noted somewhere else, it proves later what was there. */
export interface AuditHead {
  readonly sequence: number;
  /** 64 hexadecimal digits. */
  readonly mac: string;
}

/** A row as it is stored. Rows of versions before the seal have neither key nor MAC. */
export interface AuditRow {
  readonly sequence: number;
  readonly event: AuditEvent;
  readonly keyId: string | null;
  readonly mac: string | null;
}

/** Seals rows of the audit log: each MAC is over the row, its sequence and the MAC before. */
export class AuditSeal {
  /** Tells one audit key from another; says nothing about the key. */
  readonly keyId: string;
  readonly #key: Buffer;

  /** @param key 32 bytes that are used for nothing else */
  constructor(key: Buffer) {
    this.#key = key;
    this.keyId = this.#hmac('panel-2fa audit key id').slice(0, 8);
  }

  /** HMAC-SHA256 over the canonical JSON of a row and the MAC of the row before. */
  mac(previous: string, sequence: number, event: AuditEvent): string {
    return this.#hmac(canonical(['row', this.keyId, previous, sequence], event));
  }

  /** HMAC-SHA256 over the range of an archive: without the key no file is taken for a whole one. */
  archiveMac({ after, end }: ArchiveRange): string {
    const range = [after.sequence, after.mac, end.sequence, end.mac];
    return this.#hmac(JSON.stringify(['archive', this.keyId, ...range]));
  }

  #hmac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }
}

/** What the first sealed row has for the MAC before: a digest of the rows without a seal, none in a new database. */
export class UnsealedDigest {
  readonly #hash: Hash = createHash('sha256');

  add({ sequence, event }: AuditRow): void {
    this.#hash.update(`${canonical(['unsealed', sequence], event)}\n`);
  }

  end(): string {
    return this.#hash.digest('hex');
  }
}

/** One text per row: a list in a fixed order, so that nothing can move from one field to the next. */
function canonical(head: readonly (string | number)[], event: AuditEvent): string {
  const { action, actor, account, accountName, address, at, reason = null } = event;
  return JSON.stringify([
    ...head,
    action,
    actor.realm,
    actor.id,
    account.realm,
    account.id,
    accountName,
    address,
    at,
    reason,
  ]);
}
