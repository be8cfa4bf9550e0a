import type { Context } from 'koa';

const NAME = 'panel-2fa-opener';
const YEAR_SECONDS = 31_536_000;

/** Both names of the cookie, in lower case: none of the panel's business. */
export const OPENER_COOKIES = [NAME, `__host-${NAME}`];

/** The cookie that carries the proof of who opened a session; bound to the host by its name where TLS allows it. */
export class OpenerCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor({ protocol }: URL) {
    const isSecure = protocol === 'https:';
    this.#name = isSecure ? `__Host-${NAME}` : NAME;
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  read(ctx: Context): string | undefined {
    return ctx.cookies.get(this.#name, { signed: false });
  }

  /** `outlivesBrowser`: as the session that it is about, which ends by itself. */
  write(ctx: Context, value: string, outlivesBrowser = false): void {
    const life = outlivesBrowser ? `; Max-Age=${YEAR_SECONDS}` : '';
    ctx.append('Set-Cookie', `${this.#name}=${value}; ${this.#attributes}${life}`);
  }

  remove(ctx: Context): void {
    ctx.append('Set-Cookie', `${this.#name}=; ${this.#attributes}; Max-Age=0`);
  }
}
