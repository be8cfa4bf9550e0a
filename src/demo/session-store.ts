import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { DataSource } from 'typeorm';
import type { KoaSessionStore } from '../hosts/koa-session.js';
import { PanelSessionRow } from './database/panel-session-row.js';
import { asSessionData, ownerOf, type SessionData } from './session-data.js';

const SWEEP_MILLISECONDS = 3_600_000;

/** The panel's sessions in its database. A session that was destroyed stays destroyed, whoever still holds it. */
export class SessionStore implements KoaSessionStore {
  readonly #database: DataSource;
  readonly #fresh = new WeakMap<Context, string>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(database: DataSource) {
    this.#database = database;
    this.#sweeper = setInterval(() => void this.#sweep().catch(() => undefined), SWEEP_MILLISECONDS).unref();
  }

  /** An id for a new session of this request, and of no other: only such an id is inserted. */
  newId(ctx: Context): string {
    const id = randomBytes(32).toString('base64url');
    this.#fresh.set(ctx, id);
    return id;
  }

  /** A row that no login wrote, or that names another as the one who logged in, is thrown away. */
  async get(id: string): Promise<SessionData | undefined> {
    const [row]: { data: string; owner: string }[] = await this.#database.query(
      'SELECT data, owner FROM panel_session WHERE id = ? AND expires_at > ?',
      [id, Date.now()],
    );
    if (!row) return undefined;
    const session = asSessionData(parsed(row.data));
    if (session && ownerOf(session) === row.owner) return session;
    await this.destroy(id);
    return undefined;
  }

  async set(
    id: string,
    session: Record<string, unknown>,
    maxAge: number,
    { ctx }: { ctx: Context },
  ): Promise<void> {
    const row = { data: JSON.stringify(session), expiresAt: Date.now() + maxAge };
    const sessions = this.#database.getRepository(PanelSessionRow);
    if (this.#fresh.get(ctx) !== id) {
      await sessions.update({ id }, row);
      return;
    }
    await sessions.insert({ id, owner: ownerOf(session as unknown as SessionData), ...row });
    this.#fresh.delete(ctx);
  }

  async destroy(id: string): Promise<void> {
    await this.#database.query('DELETE FROM panel_session WHERE id = ?', [id]);
  }

  /** Ends all sessions of an account but one. */
  async destroyOthers(owner: string, keptId: string): Promise<void> {
    await this.#database.query('DELETE FROM panel_session WHERE owner = ? AND id <> ?', [owner, keptId]);
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  async #sweep(): Promise<void> {
    await this.#database.query('DELETE FROM panel_session WHERE expires_at <= ?', [Date.now()]);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
