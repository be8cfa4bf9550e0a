import assert from 'node:assert/strict';
import { theForm } from '../../support/html-forms.js';
import type { PanelAccount } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import { type Fields, PanelClient, type Reply } from '../../support/panel-client.js';

/** Never a code, and counted as a wrong one. */
export const WRONG = '12345x';

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

  /** A recovery code that nobody has seen, for all further logins: they need no waiting. */
  get recoveryCode(): string {
    return this.#unused.shift() ?? assert.fail('No recovery code is left');
  }
}

/** Where a panel has its login, and where it sends whoever got in. */
export interface PanelFace {
  readonly loginPath: string;
  homeOf(account: PanelAccount): string;
  /** The origin of its forms, where it is not the one that is asked. */
  readonly publicUrl?: string;
}

const ISPCONFIG: PanelFace = { loginPath: '/login/', homeOf: () => '/index.php' };

/** Somebody with an account of the panel, at a browser without JavaScript. */
export class Person extends PanelClient {
  readonly account: PanelAccount;
  /** As he knows it now. */
  password: string;
  readonly #face: PanelFace;

  constructor(origin: string, account: PanelAccount, face = ISPCONFIG) {
    super(origin);
    this.account = account;
    this.password = account.password;
    this.#face = face;
  }

  get home(): string {
    return this.#face.homeOf(this.account);
  }

  override post(path: string, fields: Fields, headers: Fields = {}): Promise<Reply> {
    return super.post(path, fields, { origin: this.#face.publicUrl ?? this.origin, ...headers });
  }

  /** Name and password; no further. */
  async logIn(): Promise<Reply> {
    const page = await this.get(this.#face.loginPath);
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
    assert.equal(reply.location, this.home, `${this.account.name} did not get in`);
    return this;
  }

  /** Name and password, and the gateway waits for the code. */
  async wait(): Promise<this> {
    await this.logIn();
    const reply = await this.get(this.home);
    assert.equal(reply.location, '/2fa/login', `${this.account.name} is not asked for a code`);
    return this;
  }

  /** Turns 2FA on by our own page; leaves a cleared session. */
  async enrol(): Promise<Factor> {
    await this.logIn();
    const begun = await this.#send('/2fa/settings/begin', 'twofa-setup', {});
    const page = await this.follow(begun);
    const key = /data-twofa-copy="([A-Z2-7]{32})"/.exec(page.body)?.[1] ?? assert.fail('no key');
    const proof = code(key);
    const registered = await this.submit(page, { password: this.password, code: proof }, 'twofa-setup');
    const recoveryCodes = recoveryCodesOf(registered);
    assert.equal(recoveryCodes.length, 10, `${this.account.name} is not registered`);
    const saved = await this.submit(registered, { twofa_mode: '2fa' }, 'twofa-save');
    assert.equal(saved.status, 303);
    return new Factor(key, recoveryCodes, proof);
  }

  /** Other recovery codes, by our own page. */
  async renew(typed: string): Promise<string[]> {
    const fields = { password: this.password, code: typed };
    return recoveryCodesOf(await this.#send('/2fa/settings/recovery-codes', 'twofa-change', fields));
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

  /** Does the panel open its first page to him? */
  async isInside(): Promise<boolean> {
    return (await this.get(this.home)).status === 200;
  }

  get sessionId(): string {
    return this.cookies.get('ISPCSESS') ?? '';
  }

  async #send(path: string, form: string, fields: Record<string, string>): Promise<Reply> {
    const page = await this.get('/2fa/settings');
    return this.post(path, { ...theForm(page.body, form).fields, ...fields });
  }
}

function recoveryCodesOf(page: Reply): string[] {
  return [...page.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, found]) => found ?? '');
}

/** A request of the shell's script. */
export const AS_SCRIPT = { 'x-requested-with': 'XMLHttpRequest', 'sec-fetch-dest': 'empty' };
