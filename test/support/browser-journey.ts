import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { type BrowserTest, type PageOptions, screenshot } from './browser.js';
import type { Demo } from './demo.js';
import type { Person } from './demo-people.js';
import type { Phone } from './phone.js';
import { scan } from './scan.js';

/** What a browser is told beside the demo panel and its person. */
export interface JourneyOptions extends PageOptions {
  readonly javaScript: boolean;
}

/** A person in front of a browser of his own, finding things by what is seen: labels, roles and texts. */
export class Journey {
  readonly page: Page;
  readonly person: Person;
  readonly #url: string;
  readonly #javaScript: boolean;

  static async start(
    { newPage }: Pick<BrowserTest, 'newPage'>,
    demo: Demo,
    person: Person,
    options: JourneyOptions,
  ): Promise<Journey> {
    return new Journey(await newPage(options), demo.url, person, options.javaScript);
  }

  private constructor(page: Page, url: string, person: Person, javaScript: boolean) {
    this.page = page;
    this.person = person;
    this.#url = url;
    this.#javaScript = javaScript;
  }

  /** Where the browser is, without the origin. */
  get path(): string {
    return this.page.url().slice(this.#url.length);
  }

  /** Everything that is seen, hidden things left out. */
  async text(): Promise<string> {
    return seenText(this.page.locator('body'));
  }

  /** The text of the one alert on the page. */
  async alert(): Promise<string> {
    return seenText(this.page.getByRole('alert'));
  }

  /** Asks for a page and waits until it, or what it sends to, is there. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.#url + path);
  }

  /** Logs in with the password alone, from the login page or from wherever a page sends to it. */
  async logIn(options: { readonly password?: string } = {}): Promise<void> {
    await this.open('/login');
    await this.page.getByLabel('Username').fill(this.person.name);
    await this.page.getByLabel('Password').fill(options.password ?? this.person.password);
    await this.press('Login');
  }

  async logOut(): Promise<void> {
    await this.press(`Logout ${this.person.name}`);
    assert.match(this.path, /^\/login/);
  }

  /** To the page with the slot, by the menus. */
  async openSettings(): Promise<void> {
    await this.open('/');
    if (this.person.realm === 'user') await this.follow('Tools');
    else await this.follow('Password');
    await this.page.getByRole('button', { name: 'Save' }).waitFor();
  }

  /** Chooses 2FA and waits for the key. */
  async choose2fa(): Promise<void> {
    const choose = () => this.mode.selectOption('2FA').then(() => undefined);
    if (this.#javaScript) await this.#swapped(choose);
    else {
      await choose();
      await this.press('Continue');
    }
    await this.page.getByRole('img', { name: /QR code/ }).waitFor();
  }

  /** Scans the QR code of the screen; it must say what stands beside it. */
  async scan(): Promise<Phone> {
    return scan(this.page);
  }

  /** Fills in password and code and registers; what came of it is for the test to look at. */
  async register(password: string | undefined, code: string): Promise<void> {
    if (password !== undefined) await this.field('Current password').fill(password);
    await this.field('Code').fill(code);
    await this.pressInSlot('Register with 2FA app');
  }

  /** The recovery codes on the screen; none when none are shown. */
  async recoveryCodes(): Promise<string[]> {
    const items = await this.page.getByRole('listitem').allInnerTexts();
    return items.filter((item) => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/i.test(item.trim()));
  }

  /** The whole way to an active factor, in a session that is logged in. */
  async enrol(): Promise<{ readonly phone: Phone; readonly recoveryCodes: string[] }> {
    await this.openSettings();
    await this.choose2fa();
    const phone = await this.scan();
    await this.register(this.person.password, await phone.next());
    const recoveryCodes = await this.recoveryCodes();
    assert.equal(recoveryCodes.length, 10);
    await this.press('Save');
    assert.match(await this.text(), /10 recovery codes left/);
    return { phone, recoveryCodes };
  }

  /** Types a code or recovery code at the code page. */
  async enterCode(code: string): Promise<void> {
    await this.page.getByLabel('Code').fill(code);
    await this.press('Log in');
  }

  /** Opens what is folded away, and fills in the proof for new recovery codes or a new phone. */
  async prove(password: string, code: string): Promise<void> {
    const proof = this.field('Code or recovery code');
    if ((await proof.count()) === 0) await this.page.getByText('New recovery codes or a new phone').click();
    await this.field('Current password').fill(password);
    await proof.fill(code);
  }

  /** Selects None and fills in both fields, without saving. */
  async chooseNone(password: string, confirmation = password): Promise<void> {
    await this.mode.selectOption('None');
    await this.field('Current password').fill(password);
    await this.field('Confirm current password').fill(confirmation);
  }

  /** The select with None and 2FA. */
  get mode(): Locator {
    return this.page.getByRole('combobox', { name: 'Two-factor authentication' });
  }

  /** What that select stands on. */
  async chosen(): Promise<string> {
    return seenText(this.mode.locator('option:checked'));
  }

  /** A field that is seen, by its whole label. */
  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true }).filter({ visible: true });
  }

  /** Presses a button that leads to a page. */
  async press(name: string): Promise<void> {
    await this.#navigated(() => this.page.getByRole('button', { name, exact: true }).click());
  }

  /** Presses a button of the slot: with JavaScript the page stays and the slot is replaced. */
  async pressInSlot(name: string): Promise<void> {
    await this.#swapped(() => this.page.getByRole('button', { name, exact: true }).click());
  }

  /** Follows a link of a menu. */
  async follow(name: string): Promise<void> {
    const link = this.page.getByRole('navigation').getByRole('link', { name, exact: true });
    await this.#navigated(() => link.first().click());
  }

  /** Follows a link that stands in the page. */
  async followOnPage(name: string): Promise<void> {
    const link = this.page.getByRole('main').getByRole('link', { name, exact: true });
    await this.#navigated(() => link.click());
  }

  /** Keeps a picture, when pictures are wanted. */
  async picture(name: string): Promise<void> {
    await screenshot(this.page, `${name} ${this.#javaScript ? 'js' : 'nojs'}`);
  }

  async #navigated(act: () => Promise<void>): Promise<void> {
    await Promise.all([this.page.waitForNavigation(), act()]);
  }

  async #swapped(act: () => Promise<void>): Promise<void> {
    if (!this.#javaScript) return this.#navigated(act);
    const slot = await this.page.locator('#twofa').elementHandle();
    await act();
    await slot?.waitForElementState('hidden');
  }
}

/** What is seen of the one element found; hidden parts are left out. */
export async function seenText(element: Locator): Promise<string> {
  const texts = await element.allInnerTexts();
  assert.equal(texts.length, 1, `one of ${element}`);
  return texts[0] ?? '';
}
