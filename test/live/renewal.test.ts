import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { problemsOf, screenshot } from '../support/browser.js';
import { enterCode, scanShown, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { PanelPosts } from './panel-posts.js';
import { account, type LiveAccount } from './settings.js';
import { enterPassword, inShell, logIn, logOut, openSettings, save, settled, textOf, type } from './shell.js';

for (const role of ['client', 'mail user'] as const) {
  liveTest(`${role}: gets new recovery codes, then a new phone`, [role], async (live) => {
    const who = account(role);
    const page = await live.newPage();
    const posts = new PanelPosts(page);
    await logIn(page, live.url, who);
    const { phone, recoveryCodes } = await turnOn(page, who);

    await openSettings(page, who);
    await page.click('#twofa summary');
    await screenshot(page, `${role} 100 changes`);
    await prove(page, who, phone.wrong(), /^Get new recovery codes/);
    await page.waitForSelector('#twofa [role=alert]');
    assert.match(await textOf(page, '#twofa [role=alert]'), /code is wrong/);
    await screenshot(page, `${role} 101 wrong code`);
    await prove(page, who, await phone.next(), /^Get new recovery codes/);
    await page.waitForSelector('#twofa .twofa-codes');
    const renewed = await page.locator('#twofa .twofa-codes code').allTextContents();
    assert.ok(renewed.length === 10 && !renewed.includes(recoveryCodes[0] as string));
    await screenshot(page, `${role} 102 new recovery codes`);

    await openSettings(page, who);
    await page.click('#twofa summary');
    await prove(page, who, renewed[0] as string, /^Show a new QR code/);
    await page.waitForSelector('#twofa .twofa-qr svg');
    await settled(page);
    await screenshot(page, `${role} 103 qr code of the new phone`);
    const next = await scanShown(page);
    await type(page, '#twofa-code', await next.next());
    await page.press('#twofa-code', 'Enter');
    await page.waitForSelector('#twofa .twofa-codes');
    const last = await page.locator('#twofa .twofa-codes code').allTextContents();
    await screenshot(page, `${role} 104 recovery codes of the new phone`);
    const saves = posts.saves;
    await save(page);
    assert.equal(posts.saves, saves + 1);

    await logOut(page);
    await enterPassword(page, live.url, who);
    for (const old of [await phone.next(), recoveryCodes[1] as string, renewed[1] as string]) {
      await enterCode(page, old);
      assert.match(await textOf(page, '[role=alert]'), /wrong|not right/, old);
    }
    await enterCode(page, last[0] as string);
    await inShell(page);
    await turnOff(page, who);
    posts.assertNothingOfOurs();
    assert.deepEqual(problemsOf(page), []);
  });
}

async function prove(page: Page, { password }: LiveAccount, typed: string, button: RegExp): Promise<void> {
  await type(page, '#twofa-password', password);
  await type(page, '#twofa-code', typed);
  await page.locator('#twofa button', { hasText: button }).click();
}
