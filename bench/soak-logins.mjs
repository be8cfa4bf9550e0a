import speakeasy from 'speakeasy';
import { Agent, request } from 'undici';

const MOST_AT_ONCE = 64;

/** Logins with password and code at one gateway; every answer on the way is compared with the only right one. */
export class Logins {
  #url;
  #secrets;
  #agent = new Agent({ connections: MOST_AT_ONCE });
  #next = 0;
  done = 0;
  wrong = [];
  times = [];

  constructor(url, secrets) {
    this.#url = url;
    this.#secrets = secrets;
  }

  /** As near to `rate` logins per second as the gateway bears, for some seconds; how many there were. */
  async run(rate, seconds) {
    const begin = performance.now();
    const before = this.done;
    const running = new Set();
    let started = 0;
    for (let now = begin; now - begin < seconds * 1_000; now = performance.now()) {
      const due = Math.floor(((now - begin) / 1_000) * rate);
      while (started < due && running.size < MOST_AT_ONCE) {
        started += 1;
        const login = this.#login().catch((error) => this.wrong.push(String(error)));
        running.add(login);
        login.finally(() => running.delete(login));
      }
      if (started < due - rate) started = due - rate;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(running);
    return this.done - before;
  }

  async #login() {
    this.#next += 1;
    const account = this.#next % this.#secrets.length;
    const cookie = `plain=${account}.${this.#next.toString(36)}x${Math.random().toString(36).slice(2)}`;
    const begin = performance.now();
    await this.#expect('POST', '/login', { cookie: 'theme=dark', form: { password: 'right' } }, 303, '/page');
    await this.#expect('GET', '/page', { cookie }, 303, '/2fa/login');
    const page = await this.#expect('GET', '/2fa/login', { cookie }, 200);
    const twofa_csrf = /name="twofa_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const form = (code) => ({ cookie, form: { twofa_csrf, code } });
    if (this.#next % 10 === 0) {
      await this.#expect('POST', '/2fa/login', form('12345x'), 422);
      await this.#expect('GET', '/page', { cookie }, 303, '/2fa/login');
    }
    const code = speakeasy.totp({ secret: this.#secrets[account], encoding: 'hex' });
    const cleared = await this.#expect('POST', '/2fa/login', form(code), 303, '/page');
    const clearance = [cleared.headers['set-cookie']].flat().find((line) => line?.startsWith('panel-2fa='));
    const both = `${cookie}; ${clearance?.split(';', 1)[0]}`;
    const inside = await this.#expect('GET', '/page', { cookie: both }, 200);
    if (!inside.text.includes('Grüße')) throw new Error('a page that is not the panel’s');
    if (this.#next % 10 === 0) {
      // The clearance in another session of the same account is worth nothing.
      const other = both.replace(';', 'y;');
      await this.#expect('GET', '/page', { cookie: other }, 303, '/2fa/login');
    }
    this.done += 1;
    this.times.push(performance.now() - begin);
  }

  /** From an address of its own per account, as told by a trusted proxy: one alone would be stopped by its limits. */
  async #expect(method, path, { cookie, form }, status, location) {
    const [, account = '0'] = /plain=(\d+)/.exec(cookie) ?? [];
    const client = `10.${(account >> 16) & 255}.${(account >> 8) & 255}.${account & 255}`;
    const sent = form && new URLSearchParams(form).toString();
    const answer = await request(this.#url + path, {
      method,
      dispatcher: this.#agent,
      headers: {
        cookie,
        'x-forwarded-for': client,
        ...(form && { origin: this.#url, 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: sent ?? null,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== status || (location && answer.headers.location !== location))
      throw new Error(
        `${method} ${path}: ${answer.statusCode} ${answer.headers.location} ${text.slice(0, 200)}`,
      );
    return { headers: answer.headers, text };
  }

  close() {
    return this.#agent.destroy();
  }
}
