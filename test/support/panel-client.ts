import { CookieJar } from './cookie-jar.js';
import { theForm } from './html-forms.js';

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Where it sends to: a path of our own origin, or a whole URL of another; `undefined` without `Location`. */
  readonly location: string | undefined;
  /** The raw `Set-Cookie` lines. */
  readonly setCookies: readonly string[];
  readonly body: string;
  /** The path that was asked for. */
  readonly path: string;
}

export type Fields = Readonly<Record<string, string>>;

/** One browser without JavaScript: keeps cookies, sends `Origin` with posts, follows redirects only when told. */
export class PanelClient {
  readonly origin: string;
  readonly cookies: CookieJar;
  /** Sent with every request; headers given to a single one win. */
  readonly headers: Record<string, string> = {};

  constructor(origin: string, cookies = new CookieJar()) {
    this.origin = origin;
    this.cookies = cookies;
  }

  get(path: string, headers: Fields = {}): Promise<Reply> {
    return this.request(path, { headers });
  }

  /** Posts a form with `Origin` as a browser would; give another, or an empty one for none. */
  post(path: string, fields: Fields, headers: Fields = {}): Promise<Reply> {
    return this.request(path, {
      method: 'POST',
      headers: { origin: this.origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Fills in a form of a page and sends it where the form says; `formId` may be left out when there is one form only. */
  submit(page: Reply, fields: Fields, formId?: string): Promise<Reply> {
    const form = theForm(page.body, formId);
    const action = new URL(form.action || page.path, new URL(page.path, this.origin));
    const sent = { ...form.fields, ...fields };
    if (form.method === 'POST') return this.post(action.pathname + action.search, sent);
    return this.get(`${action.pathname}?${new URLSearchParams(sent)}`);
  }

  /** Goes where the answer sends, and on from there; the answer itself when it sends nowhere. */
  async follow(reply: Reply): Promise<Reply> {
    let last = reply;
    for (let hops = 0; last.location !== undefined && last.status !== 201; hops += 1) {
      if (hops === 10) throw new Error(`More than ten redirects from ${reply.path}`);
      last = await this.get(last.location);
    }
    return last;
  }

  /** Any request, for what a form cannot send. A header with an empty text is not sent. */
  async request(path: string, init: RequestInit & { readonly headers?: Fields } = {}): Promise<Reply> {
    const headers = Object.entries({ cookie: this.cookies.header, ...this.headers, ...init.headers });
    const response = await fetch(new URL(path, this.origin), {
      ...init,
      headers: headers.filter(([, value]) => value !== ''),
      redirect: 'manual',
    });
    const setCookies = response.headers.getSetCookie();
    this.cookies.take(setCookies);
    return {
      status: response.status,
      headers: response.headers,
      location: this.#shorten(response.headers.get('location'), path),
      setCookies,
      body: await response.text(),
      path,
    };
  }

  #shorten(location: string | null, path: string): string | undefined {
    if (location === null) return undefined;
    const url = new URL(location, new URL(path, this.origin));
    return url.origin === this.origin ? url.pathname + url.search + url.hash : url.href;
  }
}
