import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'koa';
import { StoreUnavailable } from '../../core/base/store-unavailable.js';
import type { PanelAnswer, PanelCall } from '../gateway-host.js';
import type { LoginLook } from '../panel-host.js';
import { LoginLooks } from './pages/login-look.js';
import { LOGIN_PATH, LOGOUT_PATH } from './pages/paths.js';
import { languageTag } from './people/languages.js';
import { addressHeaders } from './prepare.js';
import { cookieHeader } from './sessions/session-cookie.js';
import type { Sessions } from './sessions/sessions.js';

/** A panel that hangs is not to keep us from starting. */
const PATIENCE_MILLISECONDS = 2_000;

/** Asks the panel and resolves with the whole answer; rejects when there is none. */
export type CallPanel = (call: PanelCall) => Promise<{
  readonly status: number;
  readonly headers?: PanelAnswer['headers'];
  readonly body: Buffer;
}>;

/** What we ask the panel itself, beside the requests of its visitors. Every method rejects when it does not answer. */
export class PanelItself {
  readonly #call: CallPanel;
  readonly #publicUrl: URL;
  readonly #sessions: Sessions;
  readonly #looks = new LoginLooks();
  #language: string | undefined;

  constructor(call: CallPanel, publicUrl: URL, sessions: Sessions) {
    this.#call = call;
    this.#publicUrl = publicUrl;
    this.#sessions = sessions;
  }

  /** The BCP 47 tag of its default language, as far as it is known. */
  get language(): string | undefined {
    return this.#language;
  }

  /** Asks once for its language; without an answer within two seconds it is learnt with the look of the login page. */
  async learnLanguage(): Promise<void> {
    const asked = this.#loginPage({ host: this.#publicUrl.host }).catch(() => undefined);
    await Promise.race([asked, delay(PATIENCE_MILLISECONDS, undefined, { ref: false })]);
  }

  loginLook(ctx: Context): Promise<LoginLook> {
    return this.#looks.of(() => this.#loginPage(addressHeaders(ctx, this.#publicUrl)));
  }

  /** A page as it shows it to whoever has this session, undefined when it shows another. */
  async page(ctx: Context, session: string | undefined, path: string): Promise<string | undefined> {
    const cookie = cookieHeader(session);
    const headers = { ...addressHeaders(ctx, this.#publicUrl), ...(cookie && { cookie }) };
    const { status, body } = await this.#call({ target: path, headers });
    return status === 200 ? body.toString() : undefined;
  }

  /** Logs a session out, and proves that it is gone. */
  async end(ctx: Context, session: string): Promise<void> {
    const cookie = cookieHeader(session) as string;
    const headers = { ...addressHeaders(ctx, this.#publicUrl), cookie };
    await this.#call({ target: `${LOGOUT_PATH}?l=1`, headers });
    if (!(await this.#sessions.exists(session))) return;
    const cause = new Error('The panel still has a session that it was told to end');
    throw new StoreUnavailable("The panel's logout", { cause });
  }

  /** The panel keeps its language in a file that has its passwords too; what it gives to a stranger is enough. */
  async #loginPage(headers: Record<string, string>): Promise<string> {
    const { status, headers: given = {}, body } = await this.#call({ target: LOGIN_PATH, headers });
    if (status !== 200) throw new Error(`The panel answers its login page with ${status}`);
    const language = await this.#sessions.languageGiven(given).catch(() => undefined);
    this.#language = languageTag(language) ?? this.#language;
    return body.toString();
  }
}
