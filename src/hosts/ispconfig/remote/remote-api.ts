import type { Context } from 'koa';
import type { AccountKey } from '../../../core/account/account.js';
import type { UpstreamRefusal } from '../../gateway-host.js';
import type { PanelDatabase } from '../people/panel-database.js';
import { BadCall, readBody } from './remote-body.js';
import { type CheckedCall, jsonFault, readJsonCall } from './remote-json.js';
import { loginNeedsCode, type RemotePolicy } from './remote-policy.js';
import { readSoapCall, soapFault } from './remote-soap.js';

export interface RemoteApiDeps {
  readonly policy: RemotePolicy;
  readonly database: PanelDatabase;
  needsCode(key: AccountKey): Promise<boolean>;
}

/** What the host sends to the panel instead of what came. */
export interface RemoteCall {
  readonly kind: 'call';
  readonly target: string;
  readonly body: Buffer;
}

const JSON_PATH = '/remote/json.php';
const SOAP_PATH = '/remote/index.php';
const REFUSED = 'The login failed. This account needs two-factor authentication and may not use the API.';
const CLOSED = 'The remote API is not available.';

/** Judges a call of the panel's machine API. Undefined: it may pass as it is. */
export async function judgeRemote(
  ctx: Context,
  deps: RemoteApiDeps,
): Promise<RemoteCall | UpstreamRefusal | undefined> {
  if (deps.policy === 'allow') return undefined;
  if (deps.policy === 'refuse') return refusal(ctx, 403, 'the policy of the remote API', CLOSED);
  if (ctx.path !== JSON_PATH && ctx.path !== SOAP_PATH)
    return refusal(ctx, 403, 'an API that is not judged', CLOSED);
  if (ctx.method !== 'POST') return refusal(ctx, 405, 'a call that is no POST', CLOSED);
  try {
    const target = targetOf(ctx);
    const { login, body } = read(ctx, await readBody(ctx));
    if (login && (await loginNeedsCode(deps.database, deps.needsCode, login))) {
      return refusal(ctx, 200, 'an API login of an account with a factor', REFUSED);
    }
    return { kind: 'call', target, body: Buffer.from(body) };
  } catch (error) {
    if (!(error instanceof BadCall)) throw error;
    return refusal(ctx, error.status, error.reason, 'The call could not be read.');
  }
}

/** The method is the first name in the query of json.php; there must be no other that a reader could take for it. */
function targetOf(ctx: Context): string {
  if (ctx.path === SOAP_PATH) {
    if (ctx.querystring !== '') throw new BadCall('a query');
    return SOAP_PATH;
  }
  return `${JSON_PATH}?${methodOf(ctx)}`;
}

function methodOf(ctx: Context): string {
  const [, method] = /^([A-Za-z][A-Za-z0-9_]{0,63})=?$/.exec(ctx.querystring) ?? [];
  if (!method) throw new BadCall('a query that is no method');
  return method;
}

function read(ctx: Context, text: string): CheckedCall {
  return ctx.path === SOAP_PATH ? readSoapCall(text) : readJsonCall(methodOf(ctx), text);
}

/** In the words of the API that was called; PHP's SOAP server gives faults the status 500. */
function refusal(ctx: Context, status: number, reason: string, message: string): UpstreamRefusal {
  if (ctx.path === SOAP_PATH) {
    const answer = { type: 'text/xml; charset=utf-8', body: soapFault(message) };
    return { kind: 'refused', status: status === 200 ? 500 : status, reason, answer };
  }
  const answer = { type: 'application/json; charset=utf-8', body: jsonFault(message) };
  return { kind: 'refused', status, reason, answer };
}
