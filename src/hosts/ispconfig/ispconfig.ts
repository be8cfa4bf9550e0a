import type { Context } from 'koa';
import type { Account, AccountKey, PanelSession } from '../../core/account/account.js';
import { NO_PROOFS, type OpeningProofs } from '../../core/account/opening-proofs.js';
import type { AccountRegister } from '../../core/account/register.js';
import type {
  GatewayHost,
  LoginAnswer,
  LoginResult,
  PageEdit,
  PageParts,
  PanelAnswer,
  UpstreamRefusal,
  UpstreamRequest,
} from '../gateway-host.js';
import { NOTHING_OPEN, type OpenPaths } from '../open-paths.js';
import type { PageBook } from '../page-book.js';
import type { Admission, Identity, LoginLook, LoginNotice } from '../panel-host.js';
import { Logins } from './logins.js';
import { keepsOwnSession, keepsSessionOf } from './pages/login-answer.js';
import { editFor, NOTICE_PARAMETER } from './pages/pages.js';
import { admissionOf, isRemoteApi, LOGIN_PATH } from './pages/paths.js';
import { forSameVisitor } from './pages/same-visitor.js';
import { Steps } from './pages/steps.js';
import { UnknownPages } from './pages/unknown-pages.js';
import { HOME_PATH, sendOn } from './pages/way.js';
import { type CallPanel, PanelItself } from './panel-itself.js';
import { proveColumns } from './people/columns.js';
import { IspconfigDirectory } from './people/directory.js';
import { mayReadTotp, totpSecretOf } from './people/own-totp.js';
import { PanelDatabase } from './people/panel-database.js';
import { Passwords } from './people/passwords.js';
import { People } from './people/people.js';
import { versionOf } from './people/version.js';
import { forwarded, refusalOf } from './prepare.js';
import { ApiAccounts, type RemotePolicy } from './remote/api-accounts.js';
import { RemoteApi } from './remote/remote-api.js';
import { isReadApi } from './remote/remote-target.js';
import { faultFor, reasonFor } from './remote/remote-words.js';
import { clientHeaders } from './sessions/answer-headers.js';
import { OpenerCookie } from './sessions/opener-cookie.js';
import { Sessions } from './sessions/sessions.js';
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
  readonly callPanel: CallPanel;
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
  readonly #panel: PanelItself;
  readonly #logins: Logins;
  /** A grant that comes later counts after the next start. */
  #readsTotp = false;
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
    this.#panel = new PanelItself(options.callPanel, this.#publicUrl, this.#sessions);
    this.#logins = new Logins({ sessions: this.#sessions, api: this.#api, log: options.log });
  }

  /** Reads every column that the host will read, and tells of a version that nobody has tried. */
  async prove(): Promise<void> {
    await proveColumns(this.#database);
    this.#readsTotp = await mayReadTotp(this.#database);
    const version = await versionOf(this.#database);
    if (!version || version.isSeen) return;
    this.#options.log(`ISPConfig ${version.text} was not tried; tried were ${version.seen.join(', ')}`);
  }

  learnLanguage(): Promise<void> {
    return this.#panel.learnLanguage();
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

  endSession(ctx: Context, { id }: Pick<PanelSession, 'id'>): Promise<void> {
    return this.#panel.end(ctx, id);
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
    return this.#panel.loginLook(ctx);
  }

  defaultLanguage(): string | undefined {
    return this.#panel.language;
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
    const edit = () => this.#pageEdit(ctx, answer, parts);
    if (this.#logins.has(ctx)) return this.#logins.editOf(ctx, answer, edit);
    if (admissionOf(ctx, this.#paths) === 'logout') return this.#forget(ctx, parts);
    const found = edit();
    return found && forSameVisitor(ctx, found, this.#sessions);
  }

  answerHeaders(ctx: Context, answer: PanelAnswer): Record<string, string | string[]> {
    const headers = clientHeaders(ctx, answer, this.#publicUrl, this.#paths.passesThrough(ctx.path));
    // The login took no session along; who failed goes on with the one he has.
    if (keepsOwnSession(ctx, this.#sessions.known(ctx), answer)) delete headers['set-cookie'];
    return headers;
  }

  isLogin(ctx: Context): boolean {
    return this.#logins.has(ctx);
  }

  answerLogin(ctx: Context): Promise<LoginAnswer | undefined> {
    return this.#api.answer(ctx);
  }

  loginResult(ctx: Context, answer: PanelAnswer): LoginResult | undefined {
    return this.#logins.resultOf(ctx, answer);
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

  #pageEdit(ctx: Context, answer: PanelAnswer, parts: PageParts): PageEdit | undefined {
    const visit = this.#sessions.known(ctx);
    return editFor(ctx, answer, parts, visit, {
      log: this.#options.log,
      panelPage: (path: string) => this.#panel.page(ctx, visit.cookie, path),
      unknown: this.#unknownPages,
    });
  }
}

/** What the driver said. */
function reasonOf(error: unknown): string {
  const { message, code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return message || String(code);
}
