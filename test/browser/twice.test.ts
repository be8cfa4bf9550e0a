import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Route } from 'playwright-core';
import { browserTest, problemsOf } from '../support/browser.js';
import { Journey } from '../support/browser-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2 } from '../support/demo-people.js';

/** A line on which one clicks again before anything has happened. */
const LATENCY_MS = 300;
const BETWEEN_CLICKS_MS = 120;

const demo = await Demo.start();
after(() => demo.stop());

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const line = { offline: false, latency: LATENCY_MS, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send('Network.emulateNetworkConditions', line);
}

/** Clicks a button, and once more where it was; this is shown in the end, and stays. */
async function twice({ page }: Journey, name: string, shown: RegExp): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  assert.ok(box, name);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await sleep(BETWEEN_CLICKS_MS);
  await page.mouse.click(x, y);
  const text = page.getByText(shown).filter({ visible: true }).first();
  await text.waitFor();
  await sleep(2 * LATENCY_MS);
  await text.waitFor();
}

for (const [javaScript, person] of [
  [true, client1],
  [false, client2],
] as const) {
  browserTest(
    `10.1 every button clicked twice on a slow line, JavaScript ${javaScript ? 'on' : 'off'}`,
    async ({ newPage }) => {
      const sitDown = (somebody = person) => Journey.start({ newPage }, demo, somebody, { javaScript });
      const user = await sitDown();
      await user.logIn();
      await user.openSettings();
      await user.choose2fa();
      const phone = await user.scan();
      await slow(user.page);
      await user.field('Current password').fill(person.password);
      await user.field('Code').fill(await phone.next());
      await twice(user, 'Register with 2FA app', /Nothing is active yet/);
      const [spare = '', ...more] = await user.recoveryCodes();
      assert.equal(more.length, 9);
      await user.picture('twice registered');
      await twice(user, 'Save', /10 recovery codes left/);

      await user.prove(person.password, spare);
      await twice(user, 'Get new recovery codes', /will not be shown again/);
      const codes = await user.recoveryCodes();
      assert.equal(codes.length, 10);
      await user.picture('twice renewed');
      await user.openSettings();
      await twice(user, `Logout ${person.name}`, /Username/);
      assert.match(user.path, /^\/login$/);

      await user.logIn();
      await user.page.getByLabel('Code').fill('000000');
      await twice(user, 'Log in', /code is wrong/);
      assert.match(await user.text(), /4 tries/);
      await user.page.getByLabel('Code').fill(codes[0] ?? '');
      await twice(user, 'Log in', /^Welcome/);
      assert.equal(user.path, '/');
      await user.openSettings();
      assert.match(await user.text(), /9 recovery codes left/);

      const other = await sitDown();
      await other.logIn();
      await slow(other.page);
      await twice(other, 'Cancel', /login was cancelled/);
      assert.match(other.path, /^\/login\?notice=cancelled$/);

      const boss = await sitDown(admin);
      await boss.logIn();
      await boss.open(`/admin/users/${person.id}`);
      await slow(boss.page);
      await boss.page.getByRole('checkbox', { name: '2FA' }).uncheck();
      await boss.page.locator('#twofa-step-up-password').fill(admin.password);
      await twice(boss, 'Save', /^Saved/);
      assert.equal(await boss.page.getByRole('checkbox', { name: '2FA' }).isChecked(), false);
      assert.equal(await boss.page.getByRole('alert').count(), 0);
      for (const { page } of [user, other, boss]) assert.deepEqual(problemsOf(page), []);
    },
  );
}

const NGINX = (status: number) => ({ status, contentType: 'text/html', body: `<h1>${status}</h1><hr>nginx` });

/** Whatever may come instead of a slot, and what the user reads. */
const ANSWERS: readonly (readonly [
  name: string,
  answer: Parameters<Route['fulfill']>[0] | 'abort',
  text: RegExp,
])[] = [
  ['no answer', 'abort', /There was no answer.*check your connection/],
  ["the web server's 413", NGINX(413), /Too much data/],
  ["the web server's 429", NGINX(429), /Too many requests from your address/],
  ["the web server's 502", NGINX(502), /panel is not responding/],
  ["the web server's 503", NGINX(503), /panel is not responding/],
  ["the web server's 504", NGINX(504), /took too long.*check before you try again/],
  ["somebody's 403", NGINX(403), /did not come from the panel/],
  ["somebody's 500", NGINX(500), /did not come from the panel/],
];

browserTest(
  '10.4 an answer that is no slot is told in the slot, and what was typed stays',
  async ({ newPage }) => {
    const user = await Journey.start({ newPage }, demo, client1, { javaScript: true });
    const { page } = user;
    await user.logIn();
    await user.openSettings();
    await user.choose2fa();
    await user.field('Current password').fill(client1.password);
    await user.field('Code').fill('000000');
    const register = () => page.getByRole('button', { name: 'Register with 2FA app' }).click();
    const told = async (text: RegExp) => {
      await page.getByRole('alert').filter({ hasText: text }).waitFor();
      assert.equal(await page.getByRole('alert').count(), 1);
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'twofa-alert');
      assert.equal(await user.field('Current password').inputValue(), client1.password);
    };
    for (const [, answer, text] of ANSWERS) {
      await page.route(
        '**/settings/register',
        (route) => (answer === 'abort' ? route.abort() : route.fulfill(answer)),
        {
          times: 1,
        },
      );
      await register();
      await told(text);
      assert.equal(await user.field('Code').inputValue(), '000000');
    }
    await user.picture('error in the slot');
    // Our own refusals: the form of another session, and what is wrong stays marked while the rest stays typed.
    const token = await page.locator('input[name=twofa_csrf][form=twofa-setup]').inputValue();
    await page.locator('input[name=twofa_csrf][form=twofa-setup]').evaluate((input: HTMLInputElement) => {
      input.value = 'x';
    });
    await register();
    await told(/page is out of date/);
    await page
      .locator('input[name=twofa_csrf][form=twofa-setup]')
      .evaluate((input: HTMLInputElement, value) => {
        input.value = value;
      }, token);
    await register();
    await told(/code is wrong/);
    assert.equal(await user.field('Code').inputValue(), '');
  },
);
