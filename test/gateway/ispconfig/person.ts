import assert from 'node:assert/strict';
import { theForm } from '../../support/html-forms.js';
import type { PanelAccount } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import { type Fields, PanelClient, type Reply } from '../../support/panel-client.js';

/** Never a code, and counted as a wrong one. */
export const WRONG = '1234567';

/** What somebody keeps who has turned 2FA on. */
export class Factor {
  readonly key: string;
  readonly recoveryCodes: readonly string[];
  /** The code that it was registered with. */
  readonly registered: string;
  readonly #unused: string[];

  constructor(key: string, recoveryCodes: readonly string[], registered = '') {
    this.key = key;
    this.recoveryCodes = recoveryCodes;
    this.registered = registered;
    this.#unused = [...recoveryCodes];
  }

  /** The code that comes next: valid already, and good for one login after the registration, however busy the machine. */
  get nextCode(): string {
    return code(this.key, { at: Date.now() / 1000 + 30 });
  }

  /** New recovery codes instead of those. */
  learn(codes: readonly string[]): void {
    this.#unused.splice(0, Number.POSITIVE_INFINITY, ...codes);
  }

  /** A recovery code that nobody has seen, for all further logins: they need no waiting. */
  get recoveryCode(): string {
    return this.#unused.shift() ?? assert.fail('No recovery code is left');
  }
}

/** Where a panel has what everybody meets. */
export interface PanelWays {
  readonly login: string;
  readonly home: string;
  /** The name of its session cookie. */
  readonly session: string;
  /** How its home calls whoever is logged in. */
  readonly name: RegExp;
  /** The origin of its forms, where it is not the one that is asked. */
  readonly publicUrl?: string;
}

export const ISPCONFIG: PanelWays = {
  login: '/login/',
  home: '/index.php',
  session: 'ISPCSESS',
  name: /id='logout-button'[^>]*>Logout ([^<]*)</,
};

/** Somebody with an account of the panel, at a browser without JavaScript. */
export class Person extends PanelClient {
  readonly account: PanelAccount;
  readonly ways: PanelWays;
  /** As he knows it now. */
  password: string;

  constructor(origin: string, account: PanelAccount, ways = ISPCONFIG) {
    super(origin);
    this.account = account;
    this.ways = ways;
    this.password = account.password;
  }

  get home(): string {
    return this.ways.home;
  }

  override post(path: string, fields: Fields, headers: Fields = {}): Promise<Reply> {
    return super.post(path, fields, { origin: this.ways.publicUrl ?? this.origin, ...headers });
  }

  /** Name and password; no further. */
  async logIn(): Promise<Reply> {
    const page = await this.get(this.ways.login);
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
    assert.equal(reply.location, this.ways.home, `${this.account.name} did not get in`);
    return this;
  }

  /** Name and password, and the gateway waits for the code. */
  async wait(): Promise<this> {
    await this.logIn();
    const reply = await this.get(this.ways.home);
    assert.equal(reply.location, '/2fa/login', `${this.account.name} is not asked for a code`);
    return this;
  }

  /** Turns 2FA on by our own page; leaves a cleared session. */
  async enrol(): Promise<Factor> {
    await this.logIn();
    return this.setUp(await this.begin());
  }

  /** Chooses 2FA on our own page; the page with the key. */
  async begin(): Promise<Reply> {
    return this.follow(await this.act('begin', {}));
  }

  /** From the page with the key to Save. */
  async setUp(page: Reply): Promise<Factor> {
    const key = keyOn(page);
    const proof = code(key);
    const registered = await this.submit(page, { password: this.password, code: proof }, 'twofa-setup');
    const recoveryCodes = recoveryCodesOn(registered);
    assert.equal(recoveryCodes.length, 10, `${this.account.name} is not registered`);
    const saved = await this.submit(registered, { twofa_mode: '2fa' }, 'twofa-save');
    assert.equal(saved.status, 303);
    return new Factor(key, recoveryCodes, proof);
  }

  /** Other recovery codes, by our own page. */
  async renew(typed: string): Promise<string[]> {
    return recoveryCodesOn(await this.act('recovery-codes', { password: this.password, code: typed }));
  }

  /** Turns it off by our own page. */
  async turnOff(): Promise<Reply> {
    const fields = { twofa_mode: 'none', twofa_password: this.password, twofa_confirm: this.password };
    return this.act('save', fields);
  }

  /** Posts to a form of our own settings page, with the token that the page has. */
  async act(name: string, fields: Record<string, string>): Promise<Reply> {
    const { twofa_csrf = '' } = theForm((await this.get('/2fa/settings')).body, 'twofa-save').fields;
    return this.post(`/2fa/settings/${name}`, { twofa_csrf, ...fields });
  }

  /** The name that the panel calls him by; undefined when its shell is not shown. */
  async nameInShell(): Promise<string | undefined> {
    const { body } = await this.get(this.ways.home);
    return this.ways.name.exec(body)?.[1];
  }

  /** Does the panel open its first page to him? */
  async isInside(): Promise<boolean> {
    return (await this.get(this.home)).status === 200;
  }

  get sessionId(): string {
    return this.cookies.get(this.ways.session) ?? '';
  }

  /** Somebody else at another browser, with the panel's session of this one. */
  thief(): Person {
    const thief = new Person(this.origin, this.account, this.ways);
    thief.cookies.set(this.ways.session, this.sessionId);
    return thief;
  }
}

function recoveryCodesOn(page: Reply): string[] {
  return [...page.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, found]) => found ?? '');
}

/** The key that is shown to be scanned. */
export function keyOn(page: Reply): string {
  return /data-twofa-copy="([A-Z2-7]{32})"/.exec(page.body)?.[1] ?? assert.fail(`no key: ${page.status}`);
}

/** A request of the shell's script. */
export const AS_SCRIPT = { 'x-requested-with': 'XMLHttpRequest', 'sec-fetch-dest': 'empty' };
