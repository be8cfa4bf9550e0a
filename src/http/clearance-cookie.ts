import type { Context } from 'koa';

/** No clearance has it in it. */
const BETWEEN = '~';

/** The cookie that carries the clearance: bound to the host by its name where TLS allows it (RFC 6265bis §4.1.3.2). */
export class ClearanceCookie {
  readonly name: string;
  readonly #secure: boolean;

  constructor(publicOrigin: string) {
    this.#secure = publicOrigin.startsWith('https:');
    this.name = this.#secure ? '__Host-panel-2fa' : 'panel-2fa';
  }

  /** At most two; nothing of them is believed. */
  read(ctx: Context): string[] {
    const value = ctx.cookies.get(this.name, { signed: false });
    return value ? value.split(BETWEEN).slice(0, 2) : [];
  }

  /**
   * Without `seconds` it goes with the browser. By Max-Age, which wins over Expires (RFC 6265 §5.3) and needs no clock that
   * agrees with ours.
   */
  write(ctx: Context, values: readonly string[], seconds?: number): void {
    const secure = this.#secure ? '; Secure' : '';
    const life = seconds === undefined ? '' : `; Max-Age=${seconds}`;
    const value = values.join(BETWEEN);
    ctx.append('Set-Cookie', `${this.name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${life}`);
  }

  remove(ctx: Context): void {
    this.write(ctx, [], 0);
  }
}
