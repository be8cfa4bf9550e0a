import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, IsNull } from 'typeorm';
import type { AuditEvent } from '../core/audit/audit.js';
import type { AuditLog } from '../core/audit/audit-log.js';
import { type AuditHead, type AuditRow, type AuditSeal, UnsealedDigest } from '../core/audit/audit-seal.js';
import { eventByNobody } from '../core/audit/change-by-nobody.js';
import { auditRows, recordOf, storable } from './audit-rows.js';
import { AuditRecord } from './entities/audit-record.js';
import { insertOnce } from './insert-once.js';

const PATIENCE_MILLISECONDS = 1_900;
const MOST_WAITING = 1_000;
const MOST_AT_ONCE = 100;
const LONGEST_PAUSE_MILLISECONDS = 40;

interface Waiting {
  readonly event: AuditEvent;
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The audit trail in the database: rows are only ever added. The sequence is the primary key, so of several nodes that
 * append after the same row one gets through, and the others read the new head and try again. What waits in one node is
 * written by one statement.
 */
export class TypeOrmAuditLog implements AuditLog {
  readonly #dataSource: DataSource;
  readonly #seal: AuditSeal;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(dataSource: DataSource, seal: AuditSeal) {
    this.#dataSource = dataSource;
    this.#seal = seal;
  }

  /** Rejects after two seconds at most; an event that still waits then is no longer written. */
  record(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MOST_WAITING)
        throw new Error('Too many events are waiting for the audit log');
      const until = performance.now() + PATIENCE_MILLISECONDS;
      this.#waiting.push({ event: storable(event), until, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async head(): Promise<AuditHead> {
    const [last] = await this.#dataSource.getRepository(AuditRecord).find({
      select: { id: true, mac: true },
      order: { id: 'DESC' },
      take: 1,
    });
    if (last?.mac) return { sequence: last.id, mac: last.mac };
    return { sequence: last?.id ?? 0, mac: await this.#unsealedDigest() };
  }

  /** Appends the first sealed row, unless there is one: without it a log that was emptied would look like a new one. */
  async begin(at: number): Promise<void> {
    const sealed = await this.#dataSource.getRepository(AuditRecord).existsBy({ keyId: this.#seal.keyId });
    if (sealed) return;
    await this.record(eventByNobody('audit.begun', at));
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#writeSome(this.#waiting.splice(0, MOST_AT_ONCE));
    this.#writing = false;
  }

  async #writeSome(taken: readonly Waiting[]): Promise<void> {
    const now = performance.now();
    const [late, inTime] = [
      taken.filter(({ until }) => until <= now),
      taken.filter(({ until }) => until > now),
    ];
    const tooLate = () => new Error(`The audit log was not written within ${PATIENCE_MILLISECONDS} ms`);
    for (const { reject } of late) reject(tooLate());
    if (inTime.length === 0) return;
    const until = Math.min(...inTime.map((waiting) => waiting.until));
    const stop = new AbortController();
    try {
      // A database that hangs must not hold those behind for longer than these.
      const timeout = sleep(until - now, undefined, { signal: stop.signal, ref: false }).then(() => {
        throw tooLate();
      });
      timeout.catch(() => undefined);
      await Promise.race([
        this.#append(
          inTime.map(({ event }) => event),
          until,
        ),
        timeout,
      ]);
      for (const { resolve } of inTime) resolve();
    } catch (error) {
      for (const { reject } of inTime) reject(error);
    } finally {
      stop.abort();
    }
  }

  async #append(events: readonly AuditEvent[], until: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const rows = this.#sealed(await this.head(), events);
      if (await insertOnce(this.#dataSource, AuditRecord, rows.map(recordOf))) return;
      if (performance.now() > until)
        throw new Error('Other nodes were always first to append to the audit log');
      await sleep(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MILLISECONDS));
    }
  }

  #sealed(head: AuditHead, events: readonly AuditEvent[]): AuditRow[] {
    const rows: AuditRow[] = [];
    let { sequence, mac } = head;
    for (const event of events) {
      sequence += 1;
      mac = this.#seal.mac(mac, sequence, event);
      rows.push({ sequence, event, keyId: this.#seal.keyId, mac });
    }
    return rows;
  }

  async #unsealedDigest(): Promise<string> {
    const digest = new UnsealedDigest();
    for await (const row of auditRows(this.#dataSource, { mac: IsNull() })) digest.add(row);
    return digest.end();
  }
}
