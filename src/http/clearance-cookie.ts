import type { Context } from 'koa';

/** The cookie that carries the clearance: bound to the host by its name where TLS allows it (RFC 6265bis §4.1.3.2). */
export class ClearanceCookie {
  readonly name: string;
  readonly #secure: boolean;

  constructor(publicOrigin: string) {
    this.#secure = publicOrigin.startsWith('https:');
    this.name = this.#secure ? '__Host-panel-2fa' : 'panel-2fa';
  }

  read(ctx: Context): string | undefined {
    return ctx.cookies.get(this.name, { signed: false });
  }

  write(ctx: Context, value: string): void {
    const secure = this.#secure ? '; Secure' : '';
    ctx.append('Set-Cookie', `${this.name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`);
  }
}
