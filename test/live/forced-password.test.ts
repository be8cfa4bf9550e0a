import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { problemsOf, screenshot } from '../support/browser.js';
import { enterCode, turnOff, turnOn } from './factor.js';
import { liveTest } from './live-test.js';
import { account, type LiveAccount, settings } from './settings.js';
import { enterPassword, inShell, logIn, logOut, openSettings, save, type } from './shell.js';

const NAME = 'a password that is due: our code first, then the page for a new one, then the panel';
const PAGE = '/login/force_password_change.php';

if (!settings.due)
  test(NAME, { skip: 'LIVE_DUE not given: a panel before 3.3 has no such page' }, () => undefined);
else {
  const due = (...names: string[]) => execFileSync(settings.due as string, names, { stdio: 'ignore' });

  liveTest(NAME, ['client'], async (live) => {
    const who = account('client');
    const changed = { ...who, password: `New-${who.password}` };
    const page = await live.newPage();
    const wayTo = async (path: string) =>
      (await page.request.get(`${live.url}${path}`, { maxRedirects: 0 })).headers().location ?? '';
    try {
      due(who.name);
      await enterPassword(page, live.url, who);
      await page.waitForURL(`**${PAGE}`);
      await screenshot(page, 'due 95 without 2FA');
      assert.match(await wayTo('/index.php'), /force_password_change/);
      assert.match(await wayTo('/2fa/settings'), /force_password_change/);
      await setNew(page, changed);
      const { phone } = await turnOn(page, changed);
      await logOut(page);

      due(who.name);
      await enterPassword(page, live.url, changed);
      await page.waitForURL(/\/2fa\/login/);
      assert.match(await wayTo(PAGE), /\/2fa\/login/, 'whoever has the password alone sets no new one');
      await enterCode(page, await phone.next());
      await page.waitForURL(`**${PAGE}`);
      await screenshot(page, 'due 96 with 2FA, after the code');
      assert.match(await wayTo('/2fa/settings'), /force_password_change/);
      await setNew(page, { ...who, password: `Newer-${who.password}` });
      await inShell(page);
      assert.deepEqual(problemsOf(page), []);
    } finally {
      due();
      await restore(page, who, `Newer-${who.password}`);
    }
    await logOut(page);
    await logIn(page, live.url, who);
  });
}

async function setNew(page: Page, { password }: LiveAccount): Promise<void> {
  await page.fill('[name=new_password]', password);
  await page.fill('[name=confirm_password]', password);
  await page.click('.formbutton-success');
  await inShell(page);
}

/** Back to the password from before, without 2FA. */
async function restore(page: Page, who: LiveAccount, password: string): Promise<void> {
  await turnOff(page, { ...who, password });
  await openSettings(page, who);
  await type(page, '#passwort', who.password);
  await type(page, '#repeat_password', who.password);
  await save(page);
}
