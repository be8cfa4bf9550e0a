import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Phone } from './phone.js';
import { tempFolder } from './temp-folder.js';
import { readQr } from './zbarimg.js';

/** Scans the QR code of a screenshot as a phone does; it must be the key URI of the data that stand beside it. */
export async function scan(page: Page): Promise<Phone> {
  const picture = join(tempFolder(), 'qr.png');
  await page.getByRole('img', { name: /QR code/ }).screenshot({ path: picture });
  const { account, issuer, key, digits, period } = await shownData(page);
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${key}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${period}`;
  assert.equal(readQr(picture), `otpauth://totp/${label}?${query}`);
  return new Phone(key, period);
}

/** The data beside the QR code, found by their words. */
export async function shownData(page: Page) {
  const words = await page.getByRole('term').allInnerTexts();
  const values = await page.getByRole('definition').allInnerTexts();
  assert.deepEqual(words, ['Account', 'Issuer', 'Key', 'Type', 'Digits', 'Period']);
  const [account = '', issuer = '', key = '', type = '', digits = '', period = ''] = values;
  const groups = /^[A-Z2-7]{4}( [A-Z2-7]{4}){7}(?=\s|$)/.exec(key)?.[0];
  assert.ok(groups, `a key of 32 characters in groups of four: ${key}`);
  assert.match(type, /TOTP.*SHA1/);
  assert.match(period, /^\d+ seconds$/);
  return {
    account,
    issuer,
    key: groups.replaceAll(' ', ''),
    digits: Number(digits),
    period: Number.parseInt(period, 10),
  };
}
