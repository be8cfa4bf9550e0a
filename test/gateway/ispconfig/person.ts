import assert from 'node:assert/strict';
import { theForm } from '../../support/html-forms.js';
import type { PanelAccount } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import { PanelClient, type Reply } from '../../support/panel-client.js';

/** Never a code, and counted as a wrong one. */
export const WRONG = '12345x';

/** What somebody keeps who has turned 2FA on. */
export class Factor {
  readonly key: string;
  readonly recoveryCodes: readonly string[];
  readonly #unused: string[];

  constructor(key: string, recoveryCodes: readonly string[]) {
    this.key = key;
    this.recoveryCodes = recoveryCodes;
    this.#unused = [...recoveryCodes];
  }

  /** The code that comes next: valid already, and good for one login after the registration, however busy the machine. */
  get nextCode(): string {
    return code(this.key, { at: Date.now() / 1000 + 30 });
  }

  /** A recovery code that nobody has seen, for all further logins: they need no waiting. */
  get recoveryCode(): string {
    return this.#unused.shift() ?? assert.fail('No recovery code is left');
  }
}

/** Somebody with an account of the panel, at a browser without JavaScript. */
export class Person extends PanelClient {
  readonly account: PanelAccount;
  /** As he knows it now. */
  password: string;

  constructor(origin: string, account: PanelAccount) {
    super(origin);
    this.account = account;
    this.password = account.password;
  }

  /** Name and password; no further. */
  async logIn(): Promise<Reply> {
    const page = await this.get('/login/');
    return this.submit(page, { username: this.account.name, password: this.password });
  }

  /** What the code page answers. */
  async giveCode(typed: string): Promise<Reply> {
    return this.submit(await this.get('/2fa/login'), { code: typed });
  }

  /** Name, password and a recovery code: a cleared session. */
  async enter(factor: Factor): Promise<this> {
    await this.logIn();
    const reply = await this.giveCode(factor.recoveryCode);
    assert.equal(reply.location, '/index.php', `${this.account.name} did not get in`);
    return this;
  }

  /** Name and password, and the gateway waits for the code. */
  async wait(): Promise<this> {
    await this.logIn();
    const reply = await this.get('/index.php');
    assert.equal(reply.location, '/2fa/login', `${this.account.name} is not asked for a code`);
    return this;
  }

  /** Turns 2FA on by our own page; leaves a cleared session. */
  async enrol(): Promise<Factor> {
    return this.finish(await this.begin());
  }

  /** Logs in and asks for a key; the page that shows it. */
  async begin(): Promise<Reply> {
    await this.logIn();
    return this.follow(await this.#send('/2fa/settings/begin', 'twofa-setup', {}));
  }

  /** Registers the key that a page shows, and saves. */
  async finish(page: Reply): Promise<Factor> {
    const key =
      /data-twofa-copy="([A-Z2-7]{32})"/.exec(page.body)?.[1] ??
      assert.fail(`no key: ${page.status} ${page.location}`);
    const registered = await this.submit(page, { password: this.password, code: code(key) }, 'twofa-setup');
    const recoveryCodes = [...registered.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, c]) => c ?? '');
    assert.equal(recoveryCodes.length, 10, `${this.account.name} is not registered`);
    const saved = await this.submit(registered, { twofa_mode: '2fa' }, 'twofa-save');
    assert.equal(saved.status, 303);
    return new Factor(key, recoveryCodes);
  }

  /** Turns it off by our own page. */
  async turnOff(): Promise<Reply> {
    const fields = { twofa_mode: 'none', twofa_password: this.password, twofa_confirm: this.password };
    return this.#send('/2fa/settings/save', 'twofa-save', fields);
  }

  /** The name that the panel calls him by; undefined when its shell is not shown. */
  async nameInShell(): Promise<string | undefined> {
    const { body } = await this.get('/index.php');
    return /id='logout-button'[^>]*>Logout ([^<]*)</.exec(body)?.[1];
  }

  get sessionId(): string {
    return this.cookies.get('ISPCSESS') ?? '';
  }

  async #send(path: string, form: string, fields: Record<string, string>): Promise<Reply> {
    const page = await this.get('/2fa/settings');
    return this.post(path, { ...theForm(page.body, form).fields, ...fields });
  }
}

/** A request of the shell's script. */
export const AS_SCRIPT = { 'x-requested-with': 'XMLHttpRequest', 'sec-fetch-dest': 'empty' };
