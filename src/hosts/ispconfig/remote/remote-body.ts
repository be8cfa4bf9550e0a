import type { Context } from 'koa';

const LONGEST = 1024 * 1024;

/** A call of the API that is not read any further. `status` is 400 or 413. */
export class BadCall extends Error {
  override readonly name = 'BadCall';

  constructor(
    readonly reason: string,
    readonly status: 400 | 413 = 400,
  ) {
    super(reason);
  }
}

/** The body of a call as text: UTF-8, not compressed, at most 1 MB. Throws `BadCall` for any other. */
export async function readBody(ctx: Context): Promise<string> {
  if (ctx.get('Content-Encoding') !== '') throw new BadCall('a compressed call');
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(ctx.get('Content-Type'))?.[1];
  if (charset && !/^utf-?8$/i.test(charset)) throw new BadCall('a call in another character set');
  if (Number(ctx.get('Content-Length')) > LONGEST) throw new BadCall('a call of more than 1 MB', 413);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST) throw new BadCall('a call of more than 1 MB', 413);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BadCall('a call that is no UTF-8');
  }
}
