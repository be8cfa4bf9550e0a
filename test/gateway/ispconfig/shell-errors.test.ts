import assert from 'node:assert/strict';
import type { Page, Route } from 'playwright-core';
import { browserTest, problemsOf, screenshot } from '../../support/browser.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { logIn } from '../../support/ispconfig/shell-steps.js';
import { code } from '../../support/oathtool.js';
import { ALERT, behindShell, choose, keyOf, openSettings, postsOf, SAVE, type } from './shell.js';

const setup = await behindShell();
const { client1 } = accounts;

const nginx = (status: number) => (route: Route) =>
  route.fulfill({ status, contentType: 'text/html', body: `<h1>${status}</h1><hr>nginx` });

async function told(page: Page, text: RegExp): Promise<void> {
  await page.locator(ALERT).filter({ hasText: text }).waitFor();
  assert.equal(await page.locator(ALERT).count(), 1);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'twofa-alert');
}

browserTest(
  '10.4 inside the shell an error is told in the slot, nothing typed is lost, and the panel saves nothing',
  async ({ newPage }) => {
    const page = await newPage();
    await logIn(page, setup.gateway.url, client1);
    await openSettings(page);
    const posts = postsOf(page);
    const once = (act: string, answer: (route: Route) => Promise<void>) =>
      page.route(`**/2fa/settings/${act}`, answer, { times: 1 });

    await once('begin', nginx(502));
    await choose(page, 'otp_type', '2FA');
    await told(page, /panel is not responding/);
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), 'none', 'it can be chosen again');
    await screenshot(page, 'shell error');
    await choose(page, 'otp_type', '2FA');
    await page.waitForSelector('#twofa-code');
    assert.equal(await page.textContent('#s2id_otp_type .select2-chosen'), '2FA');

    await type(page, '#twofa-password', client1.password);
    await type(page, '#twofa-code', '000000');
    for (const [answer, text] of [
      [nginx(413), /Too much data/],
      [nginx(504), /took too long/],
      [(route: Route) => route.abort(), /There was no answer/],
    ] as const) {
      await once('register', answer);
      await page.click('#twofa .twofa-primary');
      await told(page, text);
      assert.equal(await page.inputValue('#twofa-password'), client1.password);
      assert.equal(await page.inputValue('#twofa-code'), '000000');
    }

    await type(page, '#twofa-code', code(await keyOf(page)));
    posts.length = 0;
    await page.locator('#twofa .twofa-primary').dblclick();
    await page.waitForSelector('.twofa-codes');
    assert.deepEqual(posts, ['/2fa/settings/register']);

    await once('save', nginx(503));
    await page.click(SAVE);
    await told(page, /panel is not responding/);
    assert.equal(await page.locator('.twofa-codes li').count(), 10, 'the codes are still there');
    assert.ok(!posts.includes('/tools/user_settings.php'));
    posts.length = 0;
    await page.locator(SAVE).dblclick();
    await page.waitForSelector('#twofa[data-twofa-state=active]', { state: 'attached' });
    assert.deepEqual(posts, ['/2fa/settings/save', '/tools/user_settings.php']);
    assert.deepEqual(problemsOf(page), []);
  },
);
