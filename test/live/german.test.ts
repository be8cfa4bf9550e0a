import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { chooseMode, enterCode, register, scan, turnOff } from './factor.js';
import { liveTest } from './live-test.js';
import { account, type LiveAccount } from './settings.js';
import { choose, enterPassword, inShell, logIn, logOut, openSettings, save, textOf, type } from './shell.js';

liveTest('a client whose language is German reads German', ['client'], async (live) => {
  const who = account('client');
  const page = await live.newPage({ language: 'de' });
  await logIn(page, live.url, who);
  await setLanguage(page, who, 'de');
  try {
    await logOut(page);
    await logIn(page, live.url, who);
    await openSettings(page, who);
    const phone = await scan(page);
    await screenshot(page, 'german 90 qr code');
    await type(page, '#twofa-password', who.password);
    await type(page, '#twofa-code', phone.wrong());
    await page.click('#twofa .twofa-primary');
    await page.waitForSelector('#twofa [role=alert]');
    assert.match(await textOf(page, '#twofa [role=alert]'), /Code ist falsch/i);
    await screenshot(page, 'german 91 wrong code');
    await register(page, who, phone);
    await screenshot(page, 'german 92 recovery codes');
    await save(page);
    await openSettings(page, who);
    await screenshot(page, 'german 93 active');
    await logOut(page);
    await enterPassword(page, live.url, who);
    await screenshot(page, 'german 94 code page');
    await page.click('button[formaction$="/login/cancel"]');
    await page.waitForURL(/\/login\/\?twofa=/);
    await screenshot(page, 'german 95 cancelled');
    await enterPassword(page, live.url, who);
    await enterCode(page, await phone.next());
    await inShell(page);
    await openSettings(page, who);
    await chooseMode(page, 'none');
    await screenshot(page, 'german 96 turning off');
    await turnOff(page, who);
  } finally {
    await setLanguage(page, who, 'en');
  }
});

async function setLanguage(page: Page, who: LiveAccount, language: string): Promise<void> {
  await openSettings(page, who);
  await choose(page, 'language', language);
  await save(page);
}
