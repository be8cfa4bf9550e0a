import type { Log } from '../base/log.js';
import type { AuditLog } from './audit-log.js';

const HOUR = 3_600_000;

/**
 * Tells the log where the audit log ends: at the start, each hour, and at the end. Whoever keeps these lines elsewhere can
 * prove later that nothing before them was cut off or rewritten.
 */
export class AuditHeads {
  readonly #audit: Pick<AuditLog, 'head'>;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;

  /** Rejects when the audit log cannot be read. */
  static async start(audit: Pick<AuditLog, 'head'>, log: Log, interval = HOUR): Promise<AuditHeads> {
    const heads = new AuditHeads(audit, log, interval);
    try {
      await heads.#tell();
      return heads;
    } catch (error) {
      clearInterval(heads.#timer);
      throw error;
    }
  }

  private constructor(audit: Pick<AuditLog, 'head'>, log: Log, interval: number) {
    this.#audit = audit;
    this.#log = log;
    this.#timer = setInterval(() => void this.#tellOrComplain(), interval).unref();
  }

  /** The last head; a log that cannot be read does not keep the program from ending. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tellOrComplain();
  }

  async #tell(): Promise<void> {
    const { sequence, mac } = await this.#audit.head();
    this.#log.info({ event: 'audit.head', sequence, mac }, `panel-2fa: audit.head ${sequence}:${mac}`);
  }

  async #tellOrComplain(): Promise<void> {
    await this.#tell().catch((err) => this.#log.error({ err }, 'panel-2fa: the audit log cannot be read'));
  }
}
