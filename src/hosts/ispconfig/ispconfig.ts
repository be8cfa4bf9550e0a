import type { Context } from 'koa';
import type { AccountKey } from '../../core/account.js';
import { StoreUnavailable } from '../../core/store-unavailable.js';
import type { GatewayHost, PanelCall, UpstreamRefusal, UpstreamRequest } from '../gateway-host.js';
import { clientHeaders } from './answer-headers.js';
import { IspconfigDirectory } from './directory.js';
import { isLoginOf, loginResultOf } from './login-answer.js';
import { LoginLooks } from './login-look.js';
import { editFor, NOTICE_PARAMETER } from './pages.js';
import { PanelDatabase } from './panel-database.js';
import { Passwords } from './passwords.js';
import { admissionOf, isRemoteApi, LOGIN_PATH, LOGOUT_PATH, OTP_PATH } from './paths.js';
import { People } from './people.js';
import { addressHeaders, forwarded, refusalOf } from './prepare.js';
import { judgeRemote } from './remote-api.js';
import type { RemotePolicy } from './remote-policy.js';
import { cookieHeader } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { sendOn } from './way.js';

export interface IspconfigOptions {
  /** `mysql://user:password@host:port/database` of the panel, for a user who can only read. */
  readonly database: string;
  /** The origin under which browsers reach the panel. */
  readonly publicUrl: string;
  /** `refuse-2fa-clients` unless told otherwise. */
  readonly remoteApi?: RemotePolicy;
  /** Asks the panel and resolves with the whole answer; rejects when there is none. */
  callPanel(call: PanelCall): Promise<{ readonly status: number; readonly body: Buffer }>;
  /** Has this account an active factor? Asked for logins of the remote API. */
  needsCode(key: AccountKey): Promise<boolean>;
  /** Told of pages that pass unchanged. */
  log(message: string, error?: unknown): void;
}

const HOME_PATH = '/index.php';

/**
 * ISPConfig 3.1 and 3.2 behind the gateway. Rejects when its database cannot be read with the columns this host
 * needs, so that the gateway does not start blind.
 */
export async function ispconfigHost(options: IspconfigOptions): Promise<GatewayHost> {
  const database = new PanelDatabase(options.database);
  const publicUrl = new URL(options.publicUrl);
  const people = new People(database);
  const sessions = new Sessions(database, people);
  const passwords = new Passwords(database);
  const accounts = new IspconfigDirectory(database, people);
  const looks = new LoginLooks();
  const remote = {
    policy: options.remoteApi ?? 'refuse-2fa-clients',
    database,
    needsCode: (key: AccountKey) => options.needsCode(key),
  };
  const close = async () => {
    await Promise.all([database.close(), passwords.close()]);
  };
  try {
    await accounts.search('', 1, 1);
    await sessions.exists('');
  } catch (error) {
    await close().catch(() => undefined);
    throw new Error(`The panel's database cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  return {
    accounts,
    close,
    identify: async (ctx) => {
      const visit = await sessions.of(ctx);
      return visit.kind === 'session' ? { kind: 'session', session: visit.session } : { kind: visit.kind };
    },
    admits: admissionOf,
    verifyPassword: (account, password) => passwords.verify(account, password),
    endSession: async (ctx, { id }) => {
      const cookie = cookieHeader(id) as string;
      const headers = { ...addressHeaders(ctx, publicUrl), cookie };
      await options.callPanel({ target: `${LOGOUT_PATH}?l=1`, headers });
      if (!(await sessions.exists(id))) return;
      const cause = new Error('The panel still has a session that it was told to end');
      throw new StoreUnavailable("The panel's logout", { cause });
    },
    sendTo: (ctx, path) => sendOn(ctx, wayFor(ctx, path)),
    loginPath: (notice) => (notice ? `${LOGIN_PATH}?${NOTICE_PARAMETER}=${notice}` : LOGIN_PATH),
    homePath: () => HOME_PATH,
    // A fragment of its shell is no page: it would stand alone and bare in the window.
    mayLeadTo: () => false,
    loginLook: (ctx) =>
      looks.of(async () => {
        const headers = addressHeaders(ctx, publicUrl);
        const { status, body } = await options.callPanel({ target: LOGIN_PATH, headers });
        if (status !== 200) throw new Error(`The panel answers its login page with ${status}`);
        return body.toString();
      }),
    // Its pages with a slot are fragments, which only its shell can show.
    settingsPath: () => undefined,
    now: async () => {
      const [row] = await database.rows<{ now: number }>('SELECT UNIX_TIMESTAMP(NOW()) AS now', []);
      return Number(row?.now) * 1000;
    },
    prepare: (ctx) => prepare(ctx),
    editOf: (ctx, answer, parts) => editFor(ctx, answer, parts, sessions.known(ctx), options.log),
    answerHeaders: (ctx, answer) => clientHeaders(ctx, answer, publicUrl),
    isLogin: (ctx) => isLoginOf(ctx, sessions.known(ctx)),
    loginResult: (_ctx, answer) => loginResultOf(answer),
  };

  /** With the panel's own second step pending its login page is out of reach, and this step is the way. */
  function wayFor(ctx: Context, path: string): string {
    return path === LOGIN_PATH && sessions.known(ctx).kind === 'panel-pending' ? OTP_PATH : path;
  }

  async function prepare(ctx: Context): Promise<UpstreamRequest | UpstreamRefusal> {
    const refusal = refusalOf(ctx);
    if (refusal) return refusal;
    const call = isRemoteApi(ctx.path) ? await judgeRemote(ctx, remote) : undefined;
    if (call?.kind === 'refused') return call;
    const request = await forwarded(ctx, sessions, publicUrl);
    if (!call) return request;
    const { 'content-length': _length, ...headers } = request.headers;
    return { ...request, target: call.target, headers, body: call.body };
  }
}

/** What the driver said. */
function reasonOf(error: unknown): string {
  const { message, code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return message || String(code);
}
