import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { code } from '../support/oathtool.js';
import { tempFolder } from '../support/temp-folder.js';
import { readQr } from '../support/zbarimg.js';
import type { LiveAccount } from './settings.js';
import { choose, openSettings, save, textOf, type } from './shell.js';

/** A phone: shows each code once, as the gateway takes it once. */
export class Phone {
  readonly key: string;
  #lastStep = 0;

  constructor(key: string) {
    this.key = key.replaceAll(' ', '');
  }

  /**
   * A code that was not shown before: of the last, the present or the next step, as long as it holds for some seconds
   * more. Waits when all are used up.
   */
  async next(): Promise<string> {
    for (;;) {
      const [now, soon] = [Date.now(), Date.now() + 8_000].map((time) => Math.floor(time / 30_000)) as [
        number,
        number,
      ];
      const step = Math.max(soon - 1, this.#lastStep + 1);
      if (step <= now + 1) {
        this.#lastStep = step;
        return code(this.key, { at: step * 30 });
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** A code that is wrong now and in the steps around. */
export function wrongCode(key: string): string {
  const right = [-60, -30, 0, 30, 60].map((seconds) => code(key, { at: Date.now() / 1000 + seconds }));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (guess) => !right.includes(guess),
  ) as string;
}

/** The select that offers 2FA: the panel's own, or ours where the panel has none. */
export async function modeSelect(page: Page): Promise<string> {
  return (await page.locator('#otp_type').count()) > 0 ? 'otp_type' : 'twofa-mode';
}

export async function chooseMode(page: Page, mode: '2FA' | 'none'): Promise<void> {
  const select = await modeSelect(page);
  await choose(page, select, select === 'otp_type' || mode === '2FA' ? mode : 'None');
}

/** Chooses 2FA on the settings page, and scans what appears. */
export async function scan(page: Page): Promise<Phone> {
  await chooseMode(page, '2FA');
  await page.waitForSelector('#twofa .twofa-qr svg');
  const png = join(tempFolder(), 'qr.png');
  await page.locator('#twofa .twofa-qr').screenshot({ path: png });
  const uri = new URL(readQr(png));
  const shown = (await textOf(page, '#twofa .twofa-data code')).replaceAll(' ', '');
  assert.equal(uri.searchParams.get('secret'), shown);
  return new Phone(shown);
}

/** Fills in password and code, and registers; gives the recovery codes. */
export async function register(page: Page, account: LiveAccount, phone: Phone): Promise<string[]> {
  await type(page, '#twofa-password', account.password);
  await type(page, '#twofa-code', await phone.next());
  await page.click('#twofa .twofa-primary');
  await page.waitForSelector('#twofa .twofa-codes');
  return page.locator('#twofa .twofa-codes code').allInnerTexts();
}

export interface TurnedOn {
  readonly phone: Phone;
  readonly recoveryCodes: readonly string[];
}

/** The whole way to an active factor, from anywhere in the shell. */
export async function turnOn(page: Page, account: LiveAccount): Promise<TurnedOn> {
  await openSettings(page, account);
  const phone = await scan(page);
  const recoveryCodes = await register(page, account, phone);
  await save(page);
  return { phone, recoveryCodes };
}

export async function turnOff(page: Page, account: LiveAccount): Promise<void> {
  await openSettings(page, account);
  await chooseMode(page, 'none');
  await type(page, '#twofa-off-password', account.password);
  await type(page, '#twofa-off-confirm', account.password);
  await save(page);
}

/** Waits for the code page, and sends a code. */
export async function enterCode(page: Page, typed: string): Promise<void> {
  await page.waitForURL(/\/2fa\/login/);
  await page.fill('#twofa-code', typed);
  await Promise.all([page.waitForEvent('load'), page.click('button[type=submit]:not([formaction])')]);
}
