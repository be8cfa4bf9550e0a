import assert from 'node:assert/strict';
import { problemsOf, screenshot } from '../support/browser.js';
import { chooseMode, enterCode, modeSelect, register, scan, turnOff } from './factor.js';
import { liveTest } from './live-test.js';
import { PanelPosts } from './panel-posts.js';
import { account, type Role } from './settings.js';
import {
  enterPassword,
  inShell,
  logIn,
  logOut,
  openSettings,
  save,
  settled,
  shownIn,
  textOf,
  type,
} from './shell.js';

for (const role of ['client', 'reseller', 'admin', 'mail user'] as const satisfies readonly Role[]) {
  liveTest(
    `${role}: turns 2FA on, logs in with a code and a recovery code, turns it off`,
    [role],
    async (live) => {
      const who = account(role);
      const page = await live.newPage();
      const posts = new PanelPosts(page);
      const shot = (step: string) => screenshot(page, `${role} ${step}`);
      const alert = () => textOf(page, '#twofa [role=alert]');
      await logIn(page, live.url, who);
      await openSettings(page, who);
      await shot('01 settings');
      const phone = await scan(page);
      const select = await modeSelect(page);
      await shot('02 qr code');
      assert.equal(await shownIn(page, select), '2FA');
      const saves = posts.saves;

      await type(page, '#twofa-password', `${who.password}x`);
      await type(page, '#twofa-code', await phone.next());
      await page.press('#twofa-code', 'Enter');
      await page.waitForSelector('#twofa [role=alert]');
      await settled(page);
      assert.match(await alert(), /password is wrong/);
      await shot('03 wrong password');

      await type(page, '#twofa-password', who.password);
      await type(page, '#twofa-code', phone.wrong());
      await page.press('#twofa-password', 'Enter');
      await page.waitForFunction(
        "/code is wrong/.test(document.querySelector('#twofa [role=alert]')?.textContent)",
      );
      await shot('04 wrong code');

      await page.click('#pageContent button.formbutton-success[data-submit-form]');
      await page.waitForFunction(
        "/Nothing is active/.test(document.querySelector('#twofa [role=alert]')?.textContent)",
      );
      await shot('05 saved too early');
      assert.equal(await shownIn(page, select), '2FA', 'the choice stays after a refused Save');
      assert.equal(posts.saves, saves, 'Enter and a refused Save send nothing to the panel');

      const codes = await register(page, who, phone);
      await shot('06 recovery codes');
      assert.equal(codes.length, 10);
      await save(page);
      await shot('07 saved');
      await openSettings(page, who);
      assert.equal(await page.getAttribute('#twofa', 'data-twofa-state'), 'active');
      assert.equal(await shownIn(page, select), '2FA');
      await shot('08 active');

      await logOut(page);
      await enterPassword(page, live.url, who);
      await page.waitForURL(/\/2fa\/login/);
      await shot('09 code page');
      await enterCode(page, phone.wrong());
      assert.match(await textOf(page, '[role=alert]'), /code is wrong/);
      await shot('10 code page after a wrong code');
      await enterCode(page, await phone.next());
      await inShell(page);
      await logOut(page);
      await enterPassword(page, live.url, who);
      await enterCode(page, codes[0] as string);
      await inShell(page);

      await openSettings(page, who);
      assert.match(await textOf(page, '#twofa'), /9 recovery codes left/);
      await chooseMode(page, 'none');
      await shot('11 turning off');
      await type(page, '#twofa-off-password', who.password);
      await type(page, '#twofa-off-confirm', `${who.password}x`);
      await page.click('#pageContent button.formbutton-success[data-submit-form]');
      await page.waitForSelector('#twofa [role=alert]');
      await shot('12 entries differ');
      assert.notEqual(await shownIn(page, select), '2FA', 'the choice stays after a refused Save');
      await turnOff(page, who);
      await openSettings(page, who);
      assert.equal(await page.getAttribute('#twofa', 'data-twofa-state'), 'off');
      await shot('13 off');
      await logOut(page);
      await logIn(page, live.url, who);
      posts.assertNothingOfOurs();
      assert.deepEqual(problemsOf(page), []);
    },
  );
}
