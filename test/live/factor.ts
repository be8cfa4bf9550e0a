import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Phone } from '../support/phone.js';
import { tempFolder } from '../support/temp-folder.js';
import { readQr } from '../support/zbarimg.js';
import type { LiveAccount } from './settings.js';
import { choose, openSettings, save, textOf, type } from './shell.js';

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
  const phone = await scanShown(page);
  assert.equal(phone.key, (await textOf(page, '#twofa .twofa-data code')).replaceAll(' ', ''));
  return phone;
}

/** Reads the QR code that is on the page. */
export async function scanShown(page: Page): Promise<Phone> {
  const png = join(tempFolder(), 'qr.png');
  await page.locator('#twofa .twofa-qr').screenshot({ path: png });
  const { searchParams } = new URL(readQr(png));
  return new Phone(searchParams.get('secret') ?? '', Number(searchParams.get('period')));
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
  // Each fragment that the shell had asked for leads there, and a later one breaks off the way of the first.
  await page.waitForFunction("location.pathname === '/2fa/login' && document.readyState === 'complete'");
  await page.fill('#twofa-code', typed);
  await Promise.all([page.waitForEvent('load'), page.click('button[type=submit]:not([formaction])')]);
}
