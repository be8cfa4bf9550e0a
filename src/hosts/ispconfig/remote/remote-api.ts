import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { announcesBody } from '../../end-to-end.js';
import { BodyRefused, type LoginAnswer, type LoginResult, type UpstreamRefusal } from '../../gateway-host.js';
import type { ApiAccounts, RemotePolicy } from './api-accounts.js';
import { BadCall } from './bad-call.js';
import { CallBody } from './call-body.js';
import { type UnderstoodCall, understand, untilJudged } from './call-reader.js';
import type { PasswordCall } from './password-call.js';
import { asksForDescription, isReadApi, isSoap } from './remote-target.js';
import { faultFor, panelFault, reasonFor, saidTo, wrongPassword } from './remote-words.js';
import { untilEnvelopeEnds } from './soap-end.js';

/** What the panel gets instead of what came. */
export interface RemoteCall {
  readonly kind: 'call';
  readonly target: string;
  readonly method: string;
  readonly body: Buffer | Readable;
  /** Is the body, byte by byte, the one that came? */
  readonly isAsItCame: boolean;
}

/** A call that may hold a password. */
interface PossibleLogin {
  /** Undefined when it could not be read. */
  readonly login?: PasswordCall;
  said?: LoginResult;
}

const NEEDS_CODE = 'The login failed. This account needs two-factor authentication and may not use the API.';
const OUTDATED =
  'The session has ended. This account needs two-factor authentication and may not use the API.';
const CLOSED = 'The remote API is not available.';

/** Judges the calls of the panel's machine API. */
export class RemoteApi {
  readonly #policy: RemotePolicy;
  readonly #accounts: ApiAccounts;
  readonly #logins = new WeakMap<Context, PossibleLogin>();

  constructor(policy: RemotePolicy, accounts: ApiAccounts) {
    this.#policy = policy;
    this.#accounts = accounts;
  }

  /** Reads as much of a call as there is to judge; no password is looked at. Undefined: it may pass as it is. */
  async prepare(ctx: Context): Promise<RemoteCall | UpstreamRefusal | undefined> {
    const allowsAll = this.#policy === 'allow';
    if (this.#policy === 'refuse') return refused(ctx, 403, 'the policy of the remote API', CLOSED);
    if (!isReadApi(ctx.path))
      return allowsAll ? undefined : refused(ctx, 403, 'an API that is not judged', CLOSED);
    if (!allowsAll && !['GET', 'HEAD', 'POST'].includes(ctx.method))
      return refused(ctx, 405, 'a call that is no POST', CLOSED);
    if (!announcesBody(ctx.req.headers)) {
      const passes = allowsAll || asksForDescription(ctx);
      return passes ? undefined : refused(ctx, 405, 'a call without a body', CLOSED);
    }
    let body: CallBody | undefined;
    try {
      body = await CallBody.open(ctx.req, isSoap(ctx.path));
      return await this.#judge(ctx, body, this.#understand(ctx, body));
    } catch (error) {
      await body?.drop();
      const refusal = refusalOf(ctx, error);
      if (refusal) return refusal;
      throw error;
    }
  }

  /** May a password be in this request? */
  isLogin(ctx: Context): boolean {
    return this.#logins.has(ctx);
  }

  /** What the panel has said to the login; undefined as long as nobody has heard it. */
  resultOf(ctx: Context): LoginResult | undefined {
    return this.#logins.get(ctx)?.said;
  }

  /** Takes note of the panel's whole answer to a login. */
  hear(ctx: Context, body: string): void {
    const login = this.#logins.get(ctx);
    if (login) login.said = saidTo(ctx, body);
  }

  /** Looks at the password of a user of the panel before the panel does; undefined when the panel is to judge. */
  async answer(ctx: Context): Promise<LoginAnswer | undefined> {
    const login = this.#logins.get(ctx)?.login;
    if (!login?.ofClient || this.#policy === 'allow') return undefined;
    switch (await this.#accounts.judge(login)) {
      case 'wrong':
        return { result: 'wrong', refusal: wrongPassword(ctx, login) };
      case 'needs-code': {
        const refusal = panelFault(ctx, 'an API login of an account with a factor', NEEDS_CODE);
        return { result: 'right', refusal };
      }
      case 'free':
      case 'unasked':
        return undefined;
    }
  }

  /** Where everything passes, what cannot be read is a possible login that the panel may read. */
  #understand(ctx: Context, body: CallBody): UnderstoodCall | undefined {
    try {
      return understand(ctx, body);
    } catch (error) {
      if (this.#policy !== 'allow' || !(error instanceof BadCall)) throw error;
      return undefined;
    }
  }

  async #judge(ctx: Context, body: CallBody, call: UnderstoodCall | undefined): Promise<RemoteCall> {
    const method = ctx.method === 'GET' ? 'POST' : ctx.method;
    const asItCame = (target: string, chunks: AsyncGenerator<Buffer>): RemoteCall => {
      const isAsItCame = !body.isUnpacked;
      return { kind: 'call', target, method, body: streamOf(ctx, chunks), isAsItCame };
    };
    switch (call?.kind) {
      case undefined:
        this.#logins.set(ctx, {});
        return asItCame(ctx.url, body.chunks());
      case 'login':
        this.#logins.set(ctx, { login: call.login });
        return { kind: 'call', target: call.target, method, body: call.body, isAsItCame: false };
      case 'soap-call': {
        if (this.#policy === 'allow') return asItCame(call.target, body.chunks());
        const isCurrent = () => this.#requireCurrent(ctx, call.method, call.session);
        await isCurrent();
        return asItCame(call.target, untilEnvelopeEnds(body.chunks(), isCurrent));
      }
      case 'json-call': {
        if (this.#policy === 'allow') return asItCame(call.target, body.chunks());
        const judged = untilJudged(body, (session) => this.#requireCurrent(ctx, call.method, session));
        if (!body.isWhole) return asItCame(call.target, judged);
        return { kind: 'call', target: call.target, method, body: await wholeOf(judged), isAsItCame: true };
      }
    }
  }

  /** To end a session is always right. */
  async #requireCurrent(ctx: Context, method: string, session: string | undefined): Promise<void> {
    if (session === undefined || this.#policy === 'allow' || method === 'logout') return;
    if (await this.#accounts.isOutdated(session))
      throw new BodyRefused(panelFault(ctx, 'an API session of an account with a factor', OUTDATED));
  }
}

function refused(ctx: Context, status: number, reason: string, message: string): UpstreamRefusal {
  return { kind: 'refused', status, reason, answer: faultFor(ctx, message) };
}

function refusalOf(ctx: Context, error: unknown): UpstreamRefusal | undefined {
  if (error instanceof BodyRefused) return error.refusal;
  if (!(error instanceof BadCall)) return undefined;
  return { ...refused(ctx, error.status, error.reason, reasonFor(error.status)), isUnreadable: true };
}

function streamOf(ctx: Context, chunks: AsyncGenerator<Buffer>): Readable {
  return Readable.from(refusing(ctx, chunks), { objectMode: false });
}

async function* refusing(ctx: Context, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    const refusal = refusalOf(ctx, error);
    throw refusal ? new BodyRefused(refusal) : error;
  }
}

async function wholeOf(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
