import assert from 'node:assert/strict';
import { screenshot } from '../support/browser.js';
import { chooseMode, enterCode, register, scan } from './factor.js';
import { liveTest } from './live-test.js';
import { PanelPosts } from './panel-posts.js';
import { account } from './settings.js';
import { enterPassword, inShell, logIn, logOut, openSettings, save, type } from './shell.js';

for (const role of ['client', 'mail user'] as const) {
  liveTest(`${role}: the panel password and 2FA change in one Save, there and back`, [role], async (live) => {
    const who = account(role);
    const changed = { ...who, password: `New-${who.password}` };
    const field = who.isMailUser ? '#password' : '#passwort';
    const page = await live.newPage();
    const posts = new PanelPosts(page);
    await logIn(page, live.url, who);
    await openSettings(page, who);
    const phone = await scan(page);
    await type(page, field, changed.password);
    await type(page, '#repeat_password', changed.password);
    await register(page, who, phone);
    await screenshot(page, `${role} 30 new password with 2FA`);
    await save(page);
    try {
      await logOut(page);
      await enterPassword(page, live.url, changed);
      await enterCode(page, await phone.next());
      await inShell(page);
    } finally {
      await openSettings(page, who);
      await chooseMode(page, 'none');
      await type(page, '#twofa-off-password', changed.password);
      await type(page, '#twofa-off-confirm', changed.password);
      await type(page, field, who.password);
      await type(page, '#repeat_password', who.password);
      await save(page);
    }
    await logOut(page);
    await logIn(page, live.url, who);
    posts.assertNothingOfOurs();
    assert.equal(posts.saves, 2);
  });
}
