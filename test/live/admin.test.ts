import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { PanelPosts } from './panel-posts.js';
import { account } from './settings.js';
import { logIn, logOut, openEntry, openModule, SAVE, save, settled, textOf, type } from './shell.js';

liveTest(
  'admin unticks 2FA of a client in CP Users, with a step-up, and the panel saves',
  ['admin', 'client'],
  async (live) => {
    const [admin, client] = [account('admin'), account('client')];
    const [page, clientPage] = [await live.newPage(), await live.newPage()];
    await logIn(clientPage, live.url, client);
    await turnOn(clientPage, client);
    await logOut(clientPage);
    await logIn(page, live.url, admin);
    const { phone } = await turnOn(page, admin);
    const posts = new PanelPosts(page);
    await openUser(page, client.name);
    await screenshot(page, 'admin 50 user with 2FA');
    assert.equal(await page.isChecked('#twofa-enabled'), true);
    assert.equal(await page.isVisible('#twofa-step-up-password'), false);
    await page.uncheck('#twofa-enabled');
    await page.click('.nav-tabs li:not(.active) a');
    await page.waitForSelector('#twofa [role=alert]');
    assert.equal(posts.saves, 0, "a change of the panel's tab is a Save too");
    assert.equal(await page.isChecked('#twofa-enabled'), false);
    await screenshot(page, 'admin 51 unticked');
    await type(page, '#twofa-step-up-password', `${admin.password}x`);
    await type(page, '#twofa-step-up-code', await phone.next());
    await page.click(SAVE);
    await page.waitForFunction(
      "/password is wrong/.test(document.querySelector('#twofa [role=alert]')?.textContent)",
    );
    assert.equal(posts.saves, 0, 'nothing is saved before the step-up');
    assert.equal(await page.isChecked('#twofa-enabled'), false);
    await screenshot(page, 'admin 52 wrong password');
    await type(page, '#twofa-step-up-password', admin.password);
    await type(page, '#twofa-step-up-code', await phone.next());
    await page.press('#twofa-step-up-code', 'Enter');
    await page.waitForSelector('#pageContent th[data-column="username"]');
    await settled(page);
    assert.equal(posts.saves, 1, 'then the panel saves, once');
    posts.assertNothingOfOurs();

    await openUser(page, client.name);
    assert.equal(await page.getAttribute('#twofa', 'data-twofa-state'), 'off');
    await screenshot(page, 'admin 53 user without 2FA');
    await save(page);
    await logIn(clientPage, live.url, client);
    await turnOff(page, admin);
  },
);

liveTest(
  'admin finds users and mail users in the overview, opened from the menu',
  ['admin', 'mail user'],
  async (live) => {
    const [admin, mailUser] = [account('admin'), account('mail user')];
    const [page, mailPage] = [await live.newPage(), await live.newPage()];
    await logIn(mailPage, live.url, mailUser);
    await turnOn(mailPage, mailUser);
    await logIn(page, live.url, admin);
    await openModule(page, 'admin');
    await screenshot(page, 'admin 60 menu');
    await page.click('#sidebar a[href="/2fa/accounts"]');
    await page.waitForURL(/\/2fa\/accounts/);
    await screenshot(page, 'admin 61 overview');
    assert.match(await textOf(page, 'table'), new RegExp(admin.name));
    await page.fill('#twofa-q', mailUser.name);
    await page.press('#twofa-q', 'Enter');
    await page.waitForURL(/q=/);
    const row = page.locator('tbody tr', { hasText: mailUser.name });
    assert.match((await row.textContent()) ?? '', /Mail user\s+on/);
    await row.locator('a').click();
    await page.waitForSelector('#twofa-enabled');
    await screenshot(page, 'admin 62 mail user');
    await page.uncheck('#twofa-enabled');
    await page.fill('#twofa-step-up-password', admin.password);
    await page.click('button.twofa-save');
    await page.waitForSelector('#twofa[data-twofa-state=off]');
    await screenshot(page, 'admin 63 mail user switched off');
    await logOut(mailPage);
    await logIn(mailPage, live.url, mailUser);
  },
);

async function openUser(page: Page, name: string): Promise<void> {
  await openModule(page, 'admin');
  await openEntry(page, 'user_list');
  await page.click(`#pageContent a[data-load-content^="admin/users_edit.php"]:text-is("${name}")`);
  await page.waitForSelector('#pageContent #twofa', { state: 'attached' });
  await settled(page);
}
