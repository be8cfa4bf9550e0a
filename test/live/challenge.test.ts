import assert from 'node:assert/strict';
import { screenshot } from '../support/browser.js';
import { enterCode, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { assertSessionGone, sessionIdOf } from './panel-sessions.js';
import { account } from './settings.js';
import { enterPassword, inShell, logIn, logOut, textOf } from './shell.js';

for (const role of ['client', 'mail user'] as const) {
  liveTest(`${role}: five wrong codes and Cancel end the panel's session`, [role], async (live) => {
    const who = account(role);
    const page = await live.newPage();
    await logIn(page, live.url, who);
    const { phone } = await turnOn(page, who);
    await logOut(page);

    await enterPassword(page, live.url, who);
    const guessed = await sessionIdOf(page);
    for (let tries = 1; tries <= 5; tries += 1) {
      assert.match(await textOf(page, 'main'), new RegExp(`${6 - tries} tr(?:y|ies)`));
      await enterCode(page, phone.wrong());
    }
    await page.waitForURL(/\/login\/\?twofa=/);
    assert.match(await textOf(page, '[role=alert]'), /Too many wrong codes/);
    await screenshot(page, `${role} 20 login page after five wrong codes`);
    await assertSessionGone(live.url, guessed);

    await enterPassword(page, live.url, who);
    const cancelled = await sessionIdOf(page);
    assert.notEqual(cancelled, guessed);
    await page.click('button[formaction$="/login/cancel"]');
    await page.waitForURL(/\/login\/\?twofa=/);
    assert.match(await textOf(page, '[role=alert]'), /was cancelled/);
    await screenshot(page, `${role} 21 login page after Cancel`);
    await assertSessionGone(live.url, cancelled);

    await enterPassword(page, live.url, who);
    await enterCode(page, await phone.next());
    await inShell(page);
    await turnOff(page, who);
  });
}

liveTest('client: other sessions are asked for a code when 2FA is turned on', ['client'], async (live) => {
  const who = account('client');
  const [page, other] = [await live.newPage(), await live.newPage()];
  await logIn(page, live.url, who);
  await logIn(other, live.url, who);
  const { phone } = await turnOn(page, who);
  await other.click('#main-navigation a[data-capp="mail"]');
  await enterCode(other, await phone.next());
  await inShell(other);
  await turnOff(page, who);
});
