import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { screenshot } from '../support/browser.js';
import { enterCode, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { account, type LiveAccount } from './settings.js';
import {
  enterPassword,
  inShell,
  logIn,
  logOut,
  openModule,
  openSettings,
  settled,
  shownIn,
  textOf,
} from './shell.js';

for (const [role, target, module] of [
  ['admin', 'client', 'admin'],
  ['reseller', "reseller's client", 'client'],
] as const) {
  liveTest(
    `${role} logs in as a client and returns, with factors on either side and both`,
    [role, target],
    async (live) => {
      const [actor, client] = [account(role), account(target)];
      const [page, clientPage] = [await live.newPage(), await live.newPage()];
      const thereAndBack = async (factors: string, clientHas2fa: boolean) => {
        await loginAs(page, module, actor, client);
        await openSettings(page, client);
        assert.equal(await page.getAttribute('#twofa', 'data-twofa-state'), 'impersonating');
        assert.equal(await shownIn(page, 'otp_type'), clientHas2fa ? '2FA' : 'none');
        const options = await page.locator('#otp_type option').allTextContents();
        assert.equal(options.includes('2FA'), clientHas2fa, 'nobody else can choose 2FA for a client');
        await screenshot(page, `${role} 40 as a client, factor on ${factors}`);
        await goBack(page, actor);
      };
      await logIn(page, live.url, actor);
      await logIn(clientPage, live.url, client);
      await turnOn(clientPage, client);
      await thereAndBack('the client', true);
      const { phone } = await turnOn(page, actor);
      await thereAndBack('both', true);
      await turnOff(clientPage, client);
      await thereAndBack('the actor', false);

      // The code of the actor opens the session of the client too, and nothing less does.
      await logOut(page);
      await enterPassword(page, live.url, actor);
      await page.waitForURL(/\/2fa\/login/);
      const refused = await page.request.get(`${live.url}/login/login_as.php?cid=1`, { maxRedirects: 0 });
      assert.equal(refused.status(), 303);
      await enterCode(page, await phone.next());
      await inShell(page);
      await thereAndBack('the actor, after a login', false);
      await turnOff(page, actor);
    },
  );
}

async function loginAs(page: Page, module: string, actor: LiveAccount, client: LiveAccount): Promise<void> {
  await openModule(page, module === 'admin' ? 'dashboard' : module);
  await openModule(page, module);
  if (module === 'admin') await page.click('#sidebar #user_list a');
  await settled(page);
  const row = page.locator('#pageContent tr', {
    has: page.locator('td', { hasText: new RegExp(`^\\s*(?:user)?\\s*${client.name}\\s*$`) }),
  });
  await row.locator('a[data-load-content^="login/login_as.php"]').click();
  await page.waitForSelector('#pageContent input[name=login_as]', { state: 'attached' });
  await settled(page);
  await Promise.all([page.waitForEvent('load'), page.click('#pageContent button.formbutton-success')]);
  await inShell(page);
  assert.match(await textOf(page, '#logout-button'), new RegExp(`${client.name}$`), `as ${actor.name}`);
}

async function goBack(page: Page, actor: LiveAccount): Promise<void> {
  await page.click('#logout-button');
  await page.waitForSelector('#pageContent input[name=login_as]', { state: 'attached' });
  await settled(page);
  await Promise.all([page.waitForEvent('load'), page.click('#pageContent button.formbutton-success')]);
  await inShell(page);
  assert.match(await textOf(page, '#logout-button'), new RegExp(`${actor.name}$`));
}
