import { randomBytes } from 'node:crypto';
import type { PanelDatabase } from './database.js';
import { decodeSession, encodeSession, type PhpArray } from './php-session.js';

export interface SessionSettings {
  /** `session_regenerate_id` of the panel's security settings. */
  readonly regenerateId: boolean;
  /** Minutes; 0 is none. With one, each cookie lives for a year. */
  readonly timeout: number;
}

/** A session of one request: read at its start, written back at its end, whoever else has written meanwhile. */
export class PhpSession {
  data: PhpArray;
  permanent = false;
  /** The one `Set-Cookie` of this request. */
  setCookie: string | undefined;
  #id: string;
  #stored: string | undefined;
  #ended = false;
  readonly #database: PanelDatabase;
  readonly #settings: SessionSettings;

  private constructor(database: PanelDatabase, settings: SessionSettings, id: string, text?: string) {
    this.#database = database;
    this.#settings = settings;
    this.#id = id;
    this.#stored = text === undefined ? undefined : id;
    this.data = {};
  }

  /** The session of the id that came with the request, whatever it is; without one a new session and its cookie. */
  static async open(database: PanelDatabase, settings: SessionSettings, id: string | undefined) {
    if (id === undefined) {
      const session = new PhpSession(database, settings, newId());
      session.#announce();
      return session;
    }
    const limit =
      settings.timeout > 0
        ? ` AND (permanent = 'y' OR last_updated >= NOW() - INTERVAL ${settings.timeout} MINUTE)`
        : '';
    const row = await database.first(`SELECT * FROM sys_session WHERE session_id = ?${limit}`, [id]);
    const text = row && String(row.session_data);
    const session = new PhpSession(database, settings, id, text);
    session.permanent = row?.permanent === 'y';
    // PHP destroys what it cannot read.
    if (text && !session.#isRead(text)) await session.end();
    return session;
  }

  #isRead(text: string): boolean {
    try {
      this.data = decodeSession(text);
      return true;
    } catch {
      return false;
    }
  }

  get id(): string {
    return this.#id;
  }

  /** A new id for the same session, if the panel is set up that way; the old one is gone at once. */
  async regenerate(): Promise<void> {
    if (!this.#settings.regenerateId) return;
    await this.#delete();
    this.#stored = undefined;
    this.#id = newId();
    this.#announce();
  }

  /** Ends it; nothing is written back. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#delete();
  }

  /** Writes it, committed when this resolves, and throws away what is older than PHP's own 24 minutes. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#write();
    await this.#database.query(
      `DELETE FROM sys_session WHERE (last_updated < NOW() - INTERVAL 1440 SECOND AND permanent = 'n')
       OR last_updated < NOW() - INTERVAL 1 YEAR`,
    );
  }

  async #write(): Promise<void> {
    const values = [this.#id, encodeSession(this.data), this.permanent ? 'y' : 'n'];
    // The id is written as the request spelled it. A row that another request has ended stays away.
    const sql =
      this.#stored === undefined
        ? `REPLACE INTO sys_session (session_id, session_data, permanent, date_created, last_updated)
           VALUES (?, ?, ?, NOW(), NOW())`
        : `UPDATE sys_session SET session_id = ?, session_data = ?, permanent = ?, last_updated = NOW()
           WHERE session_id = ?`;
    await this.#database.query(sql, this.#stored === undefined ? values : [...values, this.#stored]);
  }

  async #delete(): Promise<void> {
    await this.#database.query('DELETE FROM sys_session WHERE session_id = ?', [this.#id]);
  }

  #announce(): void {
    const life = this.#settings.timeout > 0 ? `; expires=${inAYear()}; Max-Age=31536000` : '';
    this.setCookie = `ISPCSESS=${this.#id}${life}; path=/; HttpOnly; SameSite=Lax`;
  }
}

/** 26 characters, as with Debian's php.ini. */
function newId(): string {
  return [...randomBytes(26)].map((byte) => '0123456789abcdefghijklmnopqrstuv'[byte % 32]).join('');
}

function inAYear(): string {
  return new Date(Date.now() + 31_536_000_000).toUTCString();
}
