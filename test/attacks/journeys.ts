import assert from 'node:assert/strict';
import { Member, phoneOf, recoveryCodesIn } from '../support/client-journey.js';
import { type Person, settingsPath } from '../support/demo-people.js';
import { fieldsOf } from '../support/html-forms.js';
import type { Reply } from '../support/panel-client.js';

/** What somebody holds in his hands after he has set up a factor. */
export interface Held {
  key: string;
  recoveryCodes: string[];
  /** The code that the key was proven with. */
  proof?: string;
}

/** The acts of a person whose codes the test makes, each from its first request to its last. */
export class Actor extends Member {
  readonly #codeNow: (key: string) => string;

  constructor(origin: string, person: Person, codeNow: (key: string) => string) {
    super(origin, person);
    this.#codeNow = codeNow;
  }

  override again(): Actor {
    return new Actor(this.origin, this.person, this.#codeNow);
  }

  /** From the choice to Save; `held` is filled in as soon as a browser would show it. */
  async turnOn(held: Held): Promise<Reply> {
    return this.#register(await this.begin(), held, { password: this.person.password });
  }

  /** To another device, with a code of the old one. */
  async swap(oldCode: string, held: Held): Promise<Reply> {
    const { twofa_csrf = '' } = await this.setupFields();
    const proof = { twofa_csrf, password: this.person.password, code: oldCode };
    return this.#register(await this.follow(await this.post('/2fa/settings/move', proof)), held, {});
  }

  /** `held` gets the new recovery codes as soon as a browser would show them. */
  async renew(code: string, held: Held): Promise<Reply> {
    const { twofa_csrf = '' } = await this.setupFields();
    const proof = { twofa_csrf, password: this.person.password, code };
    const renewed = await this.post('/2fa/settings/recovery-codes', proof);
    held.recoveryCodes = recoveryCodesIn(renewed);
    assert.equal(held.recoveryCodes.length, 10, `${renewed.status}`);
    return renewed;
  }

  /** As an admin, for somebody else. */
  async switchOff({ realm, id }: Person): Promise<Reply> {
    const path = `/2fa/accounts/${realm}/${id}`;
    const { twofa_enabled: _, ...fields } = fieldsOf((await this.get(path)).body, 'twofa-account');
    return this.post(path, { ...fields, twofa_password: this.person.password });
  }

  async turnOff(): Promise<Reply> {
    const { twofa_csrf = '' } = await this.setupFields();
    const { password } = this.person;
    const fields = { twofa_csrf, twofa_mode: 'none', twofa_password: password, twofa_confirm: password };
    return this.post('/2fa/settings/save', fields);
  }

  /** With the password, and a code where one is asked for; the page one lands on. */
  async enter(code: string): Promise<Reply> {
    const page = await this.logIn();
    return page.path === '/2fa/login' ? this.enterCode(code) : page;
  }

  isActive(): Promise<boolean> {
    return this.get(settingsPath(this.person)).then(({ body }) => /recovery codes? left/.test(body));
  }

  async #register(page: Reply, held: Held, more: Record<string, string>): Promise<Reply> {
    held.key = phoneOf(page).key;
    const code = this.#codeNow(held.key);
    held.proof = code;
    const registered = await this.submit(page, { ...more, code }, 'twofa-setup');
    held.recoveryCodes = recoveryCodesIn(registered);
    assert.equal(held.recoveryCodes.length, 10, `${registered.status} ${registered.body}`);
    const saved = await this.submit(registered, { twofa_mode: '2fa' }, 'twofa-save');
    assert.equal(saved.status, 303);
    return saved;
  }
}
