import type { Context } from 'koa';
import type { Account } from '../core/account/account.js';
import type { AccountDirectory } from '../core/account/directory.js';
import { isOwnPath } from '../core/gate/own-path.js';
import type { PasswordCheck } from '../core/own/own-password.js';
import type { Admission, FramedPage, PanelHost } from './panel-host.js';

/** The external store of koa-session, as its option `store`. */
export interface KoaSessionStore {
  get(id: string, maxAge: number, options: { ctx: Context; rolling: boolean }): unknown;
  set(
    id: string,
    session: Record<string, unknown>,
    maxAge: number,
    options: { ctx: Context; rolling: boolean; changed: boolean },
  ): unknown;
  destroy(id: string, options: { ctx: Context }): unknown;
}

/** Where the panel has its pages. Every path is exact; what is not named here is protected. */
export interface KoaPanelPaths {
  /** The login page, GET and POST; it is sent `?notice=<LoginNotice>` and `?next=<where somebody was going>`. */
  readonly login: string;
  /** POST. */
  readonly logout: string;
  /** Where somebody starts after the login. */
  readonly home: string | ((account: Account) => string);
  /** Other pages that need no login, with their method: `GET /password-reset`. GET includes HEAD. */
  readonly public: readonly string[];
  /** Prefixes of static files, with a slash at the end: `/assets/`. */
  readonly static: readonly string[];
  /** The page that carries the `settings` or `password` slot of this account. */
  settings(account: Account): string | undefined;
}

/** What the author of a Koa panel tells of it. */
export interface KoaSessionHostOptions {
  /** The store given to koa-session. */
  readonly store: KoaSessionStore;
  /**
   * Who is logged in: read from `ctx.session` and the live rows of the panel, undefined when nobody is. `start` is
   * `Date.now()` of the moment the password was right. Asked once more when the body of a request is complete, with a
   * `ctx` whose `session` is what the store has by then.
   */
  who(ctx: Context): Promise<{ start: number; account: Account; actor: Account } | undefined>;
  readonly accounts: AccountDirectory;
  readonly verifyPassword: PasswordCheck;
  readonly paths: KoaPanelPaths;
  /** As `PanelHost.frame`: without it our pages have a look of their own. */
  frame?(ctx: Context, page: FramedPage): Promise<string>;
}

const LONGEST_PASSWORD = 256;
const UNCLEAN = /[%;\\]|\/[/.]/;
const LONGEST_NEXT = 512;

/**
 * The host of a Koa panel whose sessions are koa-session's with a store on the server. Throws when there is no store:
 * a session that lives in a cookie only has no id and cannot be ended.
 */
export function koaSessionHost(options: KoaSessionHostOptions): PanelHost {
  const { store, accounts, paths, verifyPassword, frame } = options;
  requireStore(store);
  const admissions = admissionsOf(paths);
  return {
    accounts,
    identify: async (ctx, again) => {
      const id = sessionId(ctx);
      const now = again ? await withStoredSession(store, ctx, id) : ctx;
      const found = now && (await options.who(now));
      return found ? { kind: 'session', session: { id, ...found } } : { kind: 'anonymous' };
    },
    admits: (ctx) => {
      const known = admissions.get(`${methodOf(ctx)} ${ctx.path}`);
      return known ?? (isStatic(ctx, paths.static) ? 'static' : 'protected');
    },
    verifyPassword: async (account, password) =>
      password.length <= LONGEST_PASSWORD && (await verifyPassword(account, password)),
    endSession: async (ctx, session) => {
      await store.destroy(session.id, { ctx });
      if (await store.get(session.id, 0, { ctx, rolling: false })) {
        throw new Error('The session store still has a session that was destroyed');
      }
      // At the end of the request koa-session would write back what it still has in its hands.
      ctx.session = null;
    },
    sendTo: (ctx, path) => {
      ctx.status = 303;
      ctx.redirect(path === paths.login ? path + nextOf(ctx, paths) : path);
    },
    loginPath: (notice) => (notice ? `${paths.login}?notice=${notice}` : paths.login),
    homePath: (account) => homeOf(paths, account),
    settingsPath: (account) => paths.settings(account),
    now: async () => Date.now(),
    ...(frame && { frame: (ctx, page) => frame(ctx, page) }),
  };
}

function requireStore(store: KoaSessionStore | undefined): void {
  if (store && [store.get, store.set, store.destroy].every((verb) => typeof verb === 'function')) return;
  throw new Error(
    'koaSessionHost needs the store of koa-session: a host whose sessions live only in a cookie is refused',
  );
}

function sessionId(ctx: Context): string {
  const id: unknown = ctx.session?.externalKey;
  if (typeof id === 'string' && id !== '') return id;
  throw new Error('No session with an id: koa-session must run before the plugin and have a store');
}

/** koa-session has read the session with the head of the request, and its body may have taken minutes. */
async function withStoredSession(
  store: KoaSessionStore,
  ctx: Context,
  id: string,
): Promise<Context | undefined> {
  const stored = (await store.get(id, 0, { ctx, rolling: false })) as { _expire?: number } | undefined;
  if (!stored || Number(stored._expire) < Date.now()) return undefined;
  return Object.create(ctx, { session: { value: stored } });
}

function admissionsOf(paths: KoaPanelPaths): Map<string, Admission> {
  for (const prefix of paths.static) {
    if (!/^\/.+\/$/.test(prefix)) throw new Error(`A prefix of static files is like /assets/, not ${prefix}`);
  }
  for (const route of paths.public) {
    if (!/^(GET|POST) \/\S*$/.test(route))
      throw new Error(`A public page is like "GET /about", not "${route}"`);
  }
  return new Map<string, Admission>([
    ...paths.public.map((route) => [route, 'public'] as const),
    [`GET ${paths.login}`, 'public'],
    [`POST ${paths.login}`, 'public'],
    [`POST ${paths.logout}`, 'logout'],
  ]);
}

function methodOf(ctx: Context): string {
  return ctx.method === 'HEAD' ? 'GET' : ctx.method;
}

function isStatic(ctx: Context, prefixes: readonly string[]): boolean {
  return (
    methodOf(ctx) === 'GET' &&
    !UNCLEAN.test(ctx.path) &&
    prefixes.some((prefix) => ctx.path.startsWith(prefix) && ctx.path.length > prefix.length)
  );
}

function homeOf({ home }: KoaPanelPaths, account: Account): string {
  return typeof home === 'string' ? home : home(account);
}

/** For the login page: where somebody without a session was going, when that was a page. */
function nextOf(ctx: Context, paths: KoaPanelPaths): string {
  const isPage = ctx.method === 'GET' && ['', 'document'].includes(ctx.get('Sec-Fetch-Dest'));
  const isSomewhere = ctx.url !== '/' && ctx.url.length <= LONGEST_NEXT && isOwnPath(ctx.url);
  if (!isPage || ctx.path === paths.login || !isSomewhere) return '';
  return `?next=${encodeURIComponent(ctx.url)}`;
}
