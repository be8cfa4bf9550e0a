import type { Context } from 'koa';
import type { LoginResult, PageEdit, PanelAnswer } from '../gateway-host.js';
import { isLoginOf, loginResultOf } from './pages/login-answer.js';
import { saidOn } from './pages/login-words.js';
import type { RemoteApi } from './remote/remote-api.js';
import type { Sessions } from './sessions/sessions.js';

export interface LoginsDeps {
  readonly sessions: Sessions;
  readonly api: RemoteApi;
  log(message: string, error: unknown): void;
}

/** Logins with a password, at the login page and at the remote API, and what the panel says to them. */
export class Logins {
  readonly #deps: LoginsDeps;
  readonly #said = new WeakMap<Context, LoginResult>();

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
  }

  has(ctx: Context): boolean {
    const { api, sessions } = this.#deps;
    return api.isLogin(ctx) || isLoginOf(ctx, sessions.known(ctx));
  }

  /** As `GatewayHost.loginResult`. */
  resultOf(ctx: Context, answer: PanelAnswer): LoginResult | undefined {
    const { api } = this.#deps;
    if (api.isLogin(ctx)) return api.resultOf(ctx);
    return loginResultOf(ctx, answer) ?? this.#said.get(ctx);
  }

  /** How an answer to a login is looked at on its way; `edit` is what else is done to it. */
  editOf(ctx: Context, answer: PanelAnswer, edit: () => PageEdit | undefined): PageEdit | undefined {
    if (this.#deps.api.isLogin(ctx)) return this.#hearApi(ctx);
    if (this.resultOf(ctx, answer) === 'right') return this.#welcome(ctx, answer);
    const edited = edit();
    return answer.status === 200 ? this.#hear(ctx, edited) : edited;
  }

  #hearApi(ctx: Context): PageEdit {
    return async (body) => {
      this.#deps.api.hear(ctx, body);
      return body;
    };
  }

  /** A login page that comes back says why. */
  #hear(ctx: Context, edit: PageEdit = async (html) => html): PageEdit {
    return async (html) => {
      this.#said.set(ctx, saidOn(html));
      return edit(html);
    };
  }

  /** The answer to a right password waits until its session was looked at; without that it passes as it is. */
  #welcome(ctx: Context, answer: PanelAnswer): PageEdit {
    const { sessions, log } = this.#deps;
    return async (html) => {
      await sessions.begun(ctx, answer).catch((error) => log('a new session could not be read', error));
      return html;
    };
  }
}
