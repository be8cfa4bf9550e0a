import type { Context } from 'koa';
import { BadCall } from './bad-call.js';
import { type CallBody, HEAD_BYTES } from './call-body.js';
import { type ReadLogin, readJsonLogin } from './json-call.js';
import { JsonNames } from './json-names.js';
import { argumentsOf } from './password-call.js';
import { isSoap, jsonMethodOf, jsonTargetOf, soapTargetOf } from './remote-target.js';
import { readSoapCall, readSoapLogin, sessionOf } from './soap-call.js';
import { xmlText } from './xml-text.js';

/** A call, and where the panel gets it. */
export type UnderstoodCall = { readonly target: string } & (
  | ({ readonly kind: 'login' } & ReadLogin)
  | { readonly kind: 'soap-call'; readonly method: string; readonly session: string | undefined }
  /** Its session may stand anywhere in it. */
  | { readonly kind: 'json-call'; readonly method: string }
);

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
/** What may follow the end of a call: line ends. */
const MOST_BLANKS = 4_096;

/**
 * Understands a call by its beginning: a login has to be whole within it, of any other only its session counts.
 * Throws `BadCall` for what PHP could read otherwise, or not at all.
 */
export function understand(ctx: Context, body: CallBody): UnderstoodCall {
  return isSoap(ctx.path) ? understandSoap(ctx, body) : understandJson(ctx, body);
}

/**
 * The whole of a JSON call as it streams, but for the byte that completes it: that one waits for `mayGoOn`, which is
 * told the session and throws when it may not. Throws `BadCall`.
 */
export async function* untilJudged(
  body: CallBody,
  mayGoOn: (session: string | undefined) => Promise<void>,
): AsyncGenerator<Buffer> {
  const names = new JsonNames(['session_id']);
  const held: Buffer[] = [];
  let size = 0;
  for await (const chunk of body.chunks()) {
    const before = names.write(chunk);
    if (before > 0) yield chunk.subarray(0, before);
    if (before === chunk.length) continue;
    held.push(chunk.subarray(before));
    size += chunk.length - before;
    if (size > MOST_BLANKS) throw new BadCall('something behind the call');
  }
  if (!names.isOver) throw new BadCall('a call that is cut off');
  await mayGoOn(names.textOf('session_id'));
  yield* held;
}

function understandSoap(ctx: Context, body: CallBody): UnderstoodCall {
  const target = soapTargetOf(ctx);
  const isWhole = body.isWhole && body.head.length <= HEAD_BYTES;
  const text = xmlText(body.head.subarray(0, HEAD_BYTES), ctx.get('Content-Type'), isWhole);
  const call = readSoapCall(text, isWhole);
  if (!argumentsOf(call.method))
    return { kind: 'soap-call', target, method: call.method, session: sessionOf(call) };
  if (!isWhole) throw new BadCall('a login of great size', 413);
  return { kind: 'login', target, ...readSoapLogin(call) };
}

function understandJson(ctx: Context, body: CallBody): UnderstoodCall {
  const charset = CHARSET.exec(ctx.get('Content-Type'))?.[1];
  if (charset && !/^utf-?8$/i.test(charset)) throw new BadCall('a call in another character set');
  const method = jsonMethodOf(ctx);
  const target = jsonTargetOf(method);
  if (!argumentsOf(method)) return { kind: 'json-call', target, method };
  if (!body.isWhole || body.head.length > HEAD_BYTES) throw new BadCall('a login of great size', 413);
  return { kind: 'login', target, ...readJsonLogin(method, body.head) };
}
