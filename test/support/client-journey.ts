import assert from 'node:assert/strict';
import { type Person, settingsPath } from './demo-people.js';
import { elementsOf, textOf } from './html-elements.js';
import { PanelClient, type Reply } from './panel-client.js';
import { Phone } from './phone.js';

/** A person with a client that speaks HTTP only: for what a browser cannot send, and for many at once. */
export class Member extends PanelClient {
  readonly person: Person;

  constructor(origin: string, person: Person) {
    super(origin);
    this.person = person;
  }

  /** Another client of the same person. */
  again(): Member {
    return new Member(this.origin, this.person);
  }

  /** Logs in with the password; the page one lands on. */
  async logIn(): Promise<Reply> {
    const { name: username, password } = this.person;
    return this.follow(await this.post('/login', { username, password, next: '' }));
  }

  /** Types a code or recovery code at the code page; the answer, not followed. */
  async enterCode(code: string): Promise<Reply> {
    return this.submit(await this.get('/2fa/login'), { code });
  }

  /** Chooses 2FA; the settings page with the key. */
  async begin(): Promise<Reply> {
    const { twofa_csrf = '' } = await this.setupFields();
    return this.follow(await this.post('/2fa/settings/begin', { twofa_csrf }));
  }

  /** From choosing 2FA to Save, in a session that is logged in. */
  async enrol(): Promise<{ readonly phone: Phone; readonly recoveryCodes: string[] }> {
    const page = await this.begin();
    const phone = phoneOf(page);
    const { password } = this.person;
    const registered = await this.submit(page, { password, code: await phone.next() }, 'twofa-setup');
    const recoveryCodes = recoveryCodesIn(registered);
    assert.equal(recoveryCodes.length, 10, `${registered.status}`);
    const saved = await this.submit(registered, { twofa_mode: '2fa' }, 'twofa-save');
    assert.equal(saved.status, 303);
    assert.match(await this.settings(), /10 recovery codes left/);
    return { phone, recoveryCodes };
  }

  /** What is read on the page with the slot. */
  async settings(): Promise<string> {
    return seenIn(await this.get(settingsPath(this.person)));
  }

  async setupFields(): Promise<Record<string, string>> {
    const page = await this.follow(await this.get(settingsPath(this.person)));
    assert.equal(page.status, 200, page.path);
    const token = elementsOf(page.body).find(({ attributes }) => attributes.name === 'twofa_csrf');
    return { twofa_csrf: token?.attributes.value ?? '' };
  }
}

/** An app that has the key shown on a page. */
export function phoneOf(page: Reply): Phone {
  const key = /[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}/.exec(seenIn(page))?.[0];
  assert.ok(key, `a key on the page of ${page.path}`);
  const period = /Period\s*(\d+) seconds/.exec(seenIn(page))?.[1];
  return new Phone(key.replaceAll(' ', ''), Number(period));
}

export function recoveryCodesIn(page: Reply): string[] {
  return seenIn(page).match(/\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b/g) ?? [];
}

/** The texts of a page, without its markup. */
export function seenIn(page: Reply): string {
  return textOf(page.body.replaceAll(/<\/?(li|dd|dt|p|option|td|label)\b[^>]*>/g, '\n'));
}

/** The text of the one alert of a page. */
export function alertIn(page: Reply): string {
  const alerts = elementsOf(page.body).filter(({ attributes }) => attributes.role === 'alert');
  assert.equal(alerts.length, 1, `alerts of ${page.path}, answered ${page.status}`);
  return textOf(alerts[0]?.content ?? '');
}
