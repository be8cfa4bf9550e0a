import type { Context } from 'koa';

/** What a request says of the page it comes from, when that is none of ours. */
export interface ForeignPage {
  /** Another page sent it, or the browser was told not to say which. */
  readonly kind: 'other-origin' | 'no-origin';
  /** For the log. */
  readonly reason: string;
}

/**
 * Was this request made by a page of one of our origins? `Origin` must be one of them, port included. `null` is what browsers
 * send instead for a page with `Referrer-Policy: no-referrer`, and for pages without an origin; then `Sec-Fetch-Site` has to
 * say that it was our own page (Fetch §3.2). Without any `Origin` it must not say that another site asked.
 */
export function foreignPage(ctx: Context, origins: readonly string[]): ForeignPage | undefined {
  const origin = ctx.get('Origin');
  const site = ctx.get('Sec-Fetch-Site');
  if (origins.includes(origin)) return undefined;
  if (origin === 'null') {
    if (site === 'same-origin') return undefined;
    const reason = `Origin is null and Sec-Fetch-Site is ${told(site)}: does the web server add Referrer-Policy: no-referrer?`;
    return { kind: 'no-origin', reason };
  }
  if (origin !== '') return { kind: 'other-origin', reason: `Origin is ${told(origin)}` };
  if (site !== 'cross-site' && site !== 'same-site') return undefined;
  return { kind: 'other-origin', reason: `no Origin, and Sec-Fetch-Site is ${site}` };
}

/** As one printable word of a log line. */
function told(value: string): string {
  return value === '' ? 'missing' : value.replace(/[^\x21-\x7e]/g, '?').slice(0, 100);
}
