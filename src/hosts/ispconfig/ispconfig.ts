import type { Context } from 'koa';
import type { Account, AccountKey, PanelSession } from '../../core/account/account.js';
import { NO_PROOFS, type OpeningProofs } from '../../core/account/opening-proofs.js';
import type { AccountRegister } from '../../core/account/register.js';
import { StoreUnavailable } from '../../core/base/store-unavailable.js';
import type {
  GatewayHost,
  LoginAnswer,
  LoginResult,
  PageEdit,
  PageParts,
  PanelAnswer,
  PanelCall,
  UpstreamRefusal,
  UpstreamRequest,
} from '../gateway-host.js';
import { NOTHING_OPEN, type OpenPaths } from '../open-paths.js';
import type { PageBook } from '../page-book.js';
import type { Admission, Identity, LoginLook, LoginNotice } from '../panel-host.js';
import { isLoginOf, keepsOwnSession, keepsSessionOf, loginResultOf } from './pages/login-answer.js';
import { LoginLooks } from './pages/login-look.js';
import { saidOn } from './pages/login-words.js';
import { editFor, NOTICE_PARAMETER } from './pages/pages.js';
import { admissionOf, isRemoteApi, LOGIN_PATH, LOGOUT_PATH } from './pages/paths.js';
import { forSameVisitor } from './pages/same-visitor.js';
import { Steps } from './pages/steps.js';
import { UnknownPages } from './pages/unknown-pages.js';
import { HOME_PATH, sendOn } from './pages/way.js';
import { proveColumns } from './people/columns.js';
import { IspconfigDirectory } from './people/directory.js';
import { languageTag } from './people/languages.js';
import { mayReadTotp, totpSecretOf } from './people/own-totp.js';
import { PanelDatabase } from './people/panel-database.js';
import { Passwords } from './people/passwords.js';
import { People } from './people/people.js';
import { versionOf } from './people/version.js';
import { addressHeaders, forwarded, refusalOf } from './prepare.js';
import { ApiAccounts, type RemotePolicy } from './remote/api-accounts.js';
import { RemoteApi } from './remote/remote-api.js';
import { isReadApi } from './remote/remote-target.js';
import { faultFor, reasonFor } from './remote/remote-words.js';
import { clientHeaders } from './sessions/answer-headers.js';
import { OpenerCookie } from './sessions/opener-cookie.js';
import { cookieHeader } from './sessions/session-cookie.js';
import { Sessions, type Visit } from './sessions/sessions.js';
import { type AddOns, namesOf } from './unknown-steps.js';

export interface IspconfigOptions extends AddOns {
  /** `mysql://user:password@host:port/database` of the panel, as a read-only user. */
  readonly database: string;
  /** The origin under which browsers reach the panel. */
  readonly publicUrl: string;
  /** `refuse-2fa-clients` unless told otherwise. */
  readonly remoteApi?: RemotePolicy;
  /** What is not judged as the panel's; nothing unless told otherwise. */
  readonly paths?: OpenPaths;
  /** Asks the panel and resolves with the whole answer; rejects when there is none. */
  callPanel(call: PanelCall): Promise<{
    readonly status: number;
    readonly headers?: PanelAnswer['headers'];
    readonly body: Buffer;
  }>;
  /** Must this account not get in with its password alone? Asked for logins of the remote API. */
  needsCode(key: AccountKey): Promise<boolean>;
  /** Proves who was himself in a session before "login as"; without it nobody was. */
  readonly openings?: OpeningProofs;
  /** Where pages that pass unchanged are written down; nowhere unless told otherwise. */
  readonly pageBook?: PageBook;
  /** Told of pages that pass unchanged. */
  log(message: string, error?: unknown): void;
}

/**
 * ISPConfig 3.1 to 3.3 behind the gateway. Rejects when its database cannot be read with the columns this host
 * needs, so that the gateway does not start blind.
 */
export async function ispconfigHost(options: IspconfigOptions): Promise<GatewayHost> {
  const host = new IspconfigHost(options);
  try {
    await host.prove();
    await host.learnLanguage();
    return host;
  } catch (error) {
    await host.close().catch(() => undefined);
    throw new Error(`The panel's database cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

class IspconfigHost implements GatewayHost {
  readonly accounts: AccountRegister;
  readonly #options: IspconfigOptions;
  readonly #publicUrl: URL;
  readonly #paths: OpenPaths;
  readonly #database: PanelDatabase;
  readonly #sessions: Sessions;
  readonly #passwords: Passwords;
  readonly #api: RemoteApi;
  readonly #looks = new LoginLooks();
  #language: string | undefined;
  /** A grant that comes later counts after the next start. */
  #readsTotp = false;
  readonly #said = new WeakMap<Context, LoginResult>();
  readonly #unknownPages: UnknownPages;

  constructor(options: IspconfigOptions) {
    this.#options = options;
    this.#publicUrl = new URL(options.publicUrl);
    this.#paths = options.paths ?? NOTHING_OPEN;
    this.#unknownPages = new UnknownPages(options.pageBook);
    this.#database = new PanelDatabase(options.database);
    const people = new People(this.#database);
    const names = namesOf(options);
    const log = (message: string) => options.log(message);
    const steps = new Steps({
      names,
      ofAddOns: options.loginSteps ?? {},
      tell: (marks) => log(`a login waits for something that loginSteps does not name: ${marks.join(', ')}`),
    });
    this.#sessions = new Sessions({
      database: this.#database,
      people,
      names,
      stepOf: (beside) => steps.of(beside),
      proofs: options.openings ?? NO_PROOFS,
      openerCookie: new OpenerCookie(this.#publicUrl),
      log,
    });
    this.#passwords = new Passwords(this.#database);
    this.accounts = new IspconfigDirectory(this.#database, people);
    const { remoteApi: policy = 'refuse-2fa-clients', needsCode } = options;
    const accounts = new ApiAccounts({ database: this.#database, passwords: this.#passwords, needsCode });
    this.#api = new RemoteApi(policy, accounts);
  }

  /** Reads every column that the host will read, and tells of a version that nobody has tried. */
  async prove(): Promise<void> {
    await proveColumns(this.#database);
    this.#readsTotp = await mayReadTotp(this.#database);
    const version = await versionOf(this.#database);
    if (!version || version.isSeen) return;
    this.#options.log(`ISPConfig ${version.text} was not tried; tried were ${version.seen.join(', ')}`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#database.close(), this.#passwords.close()]);
  }

  async identify(ctx: Context, again?: 'again'): Promise<Identity> {
    const visit = await (again ? this.#sessions.again(ctx) : this.#sessions.of(ctx));
    switch (visit.kind) {
      case 'session':
        return { kind: 'session', session: visit.session };
      case 'panel-step':
        return { kind: 'panel-step', session: visit.session, step: visit.step };
      case 'refused':
        return visit;
      case 'anonymous':
        return { kind: 'anonymous' };
    }
  }

  admits(ctx: Context): Admission {
    return admissionOf(ctx, this.#paths);
  }

  verifyPassword(account: Account, password: string): Promise<boolean> {
    return this.#passwords.verify(account, password);
  }

  async totpSecret(account: Account): Promise<string | undefined> {
    return this.#readsTotp ? totpSecretOf(this.#database, account) : undefined;
  }

  async endSession(ctx: Context, { id }: Pick<PanelSession, 'id'>): Promise<void> {
    const cookie = cookieHeader(id) as string;
    const headers = { ...addressHeaders(ctx, this.#publicUrl), cookie };
    await this.#options.callPanel({ target: `${LOGOUT_PATH}?l=1`, headers });
    if (!(await this.#sessions.exists(id))) return;
    const cause = new Error('The panel still has a session that it was told to end');
    throw new StoreUnavailable("The panel's logout", { cause });
  }

  sendTo(ctx: Context, path: string): void {
    sendOn(ctx, path);
  }

  loginPath(notice?: LoginNotice): string {
    return notice ? `${LOGIN_PATH}?${NOTICE_PARAMETER}=${notice}` : LOGIN_PATH;
  }

  homePath(): string {
    return HOME_PATH;
  }

  /** A fragment of the shell is not a page: opened directly, it would fill the window without style or menu. */
  mayLeadTo(): boolean {
    return false;
  }

  loginLook(ctx: Context): Promise<LoginLook> {
    return this.#looks.of(async () => {
      return this.#loginPage(addressHeaders(ctx, this.#publicUrl));
    });
  }

  defaultLanguage(): string | undefined {
    return this.#language;
  }

  /** Asks once for the panel's language; without an answer it is learnt with the look of the login page. */
  async learnLanguage(): Promise<void> {
    await this.#loginPage({ host: this.#publicUrl.host }).catch(() => undefined);
  }

  /** The panel keeps its language in a file that has its passwords too; what it gives to a stranger is enough. */
  async #loginPage(headers: Record<string, string>): Promise<string> {
    const {
      status,
      headers: given = {},
      body,
    } = await this.#options.callPanel({ target: LOGIN_PATH, headers });
    if (status !== 200) throw new Error(`The panel answers its login page with ${status}`);
    const language = await this.#sessions.languageGiven(given).catch(() => undefined);
    this.#language = languageTag(language) ?? this.#language;
    return body.toString();
  }

  /** Its pages with a slot are fragments, which only its shell can show. */
  settingsPath(): undefined {
    return undefined;
  }

  async now(): Promise<number> {
    const [row] = await this.#database.rows<{ now: number }>('SELECT UNIX_TIMESTAMP(NOW()) AS now', []);
    return Number(row?.now) * 1000;
  }

  async prepare(ctx: Context): Promise<UpstreamRequest | UpstreamRefusal> {
    const refusal = refusalOf(ctx, this.#paths);
    if (refusal) return refusal;
    const call = isRemoteApi(ctx.path) ? await this.#api.prepare(ctx) : undefined;
    if (call?.kind === 'refused') return call;
    const request = forwarded(ctx, this.#sessions, this.#publicUrl, this.#paths);
    if (!call) return request;
    const { target, method, body, isAsItCame } = call;
    const { 'content-length': length, 'content-encoding': coding, ...headers } = request.headers;
    const kept = isAsItCame
      ? { ...(length && { 'content-length': length }), ...(coding && { 'content-encoding': coding }) }
      : {};
    return { ...request, target, method, headers: { ...headers, ...kept }, body };
  }

  editOf(ctx: Context, answer: PanelAnswer, parts: PageParts): PageEdit | undefined {
    if (this.#api.isLogin(ctx)) {
      return async (body) => {
        this.#api.hear(ctx, body);
        return body;
      };
    }
    if (this.isLogin(ctx) && this.loginResult(ctx, answer) === 'right') return this.#welcome(ctx, answer);
    if (admissionOf(ctx, this.#paths) === 'logout') return this.#forget(ctx, parts);
    const visit = this.#sessions.known(ctx);
    const help = {
      log: this.#options.log,
      panelPage: (path: string) => this.#page(ctx, visit, path),
      unknown: this.#unknownPages,
    };
    const edit = editFor(ctx, answer, parts, visit, help);
    if (this.isLogin(ctx) && answer.status === 200) return this.#hear(ctx, edit);
    return edit && forSameVisitor(ctx, edit, this.#sessions);
  }

  answerHeaders(ctx: Context, answer: PanelAnswer): Record<string, string | string[]> {
    const headers = clientHeaders(ctx, answer, this.#publicUrl, this.#paths.passesThrough(ctx.path));
    // The login took no session along; who failed goes on with the one he has.
    if (keepsOwnSession(ctx, this.#sessions.known(ctx), answer)) delete headers['set-cookie'];
    return headers;
  }

  isLogin(ctx: Context): boolean {
    return this.#api.isLogin(ctx) || isLoginOf(ctx, this.#sessions.known(ctx));
  }

  answerLogin(ctx: Context): Promise<LoginAnswer | undefined> {
    return this.#api.answer(ctx);
  }

  loginResult(ctx: Context, answer: PanelAnswer): LoginResult | undefined {
    if (this.#api.isLogin(ctx)) return this.#api.resultOf(ctx);
    return loginResultOf(ctx, answer) ?? this.#said.get(ctx);
  }

  takesBodyInGet(ctx: Context): boolean {
    return isReadApi(ctx.path);
  }

  errorFor(ctx: Context, status: number): UpstreamRefusal['answer'] {
    return isRemoteApi(ctx.path) ? faultFor(ctx, reasonFor(status)) : undefined;
  }

  keepsSession(ctx: Context, answer: PanelAnswer): boolean {
    return keepsSessionOf(ctx, answer);
  }

  /** The panel asks first where somebody could become himself again; then the session goes on. */
  #forget(ctx: Context, parts: PageParts): PageEdit {
    return async (html) => {
      if (await this.#sessions.forget(ctx)) parts.forget(ctx);
      return html;
    };
  }

  /** A login page that comes back says why. */
  #hear(ctx: Context, edit: PageEdit = async (html) => html): PageEdit {
    return async (html) => {
      this.#said.set(ctx, saidOn(html));
      return edit(html);
    };
  }

  /** A page as the panel shows it to this visitor. */
  async #page(ctx: Context, { cookie: id }: Visit, path: string): Promise<string | undefined> {
    const cookie = cookieHeader(id);
    const headers = { ...addressHeaders(ctx, this.#publicUrl), ...(cookie && { cookie }) };
    const { status, body } = await this.#options.callPanel({ target: path, headers });
    return status === 200 ? body.toString() : undefined;
  }

  /** The answer to a right password waits until its session was looked at; without that it passes as it is. */
  #welcome(ctx: Context, answer: PanelAnswer): PageEdit {
    return async (html) => {
      await this.#sessions
        .begun(ctx, answer)
        .catch((error) => this.#options.log('a new session could not be read', error));
      return html;
    };
  }
}

/** What the driver said. */
function reasonOf(error: unknown): string {
  const { message, code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return message || String(code);
}
