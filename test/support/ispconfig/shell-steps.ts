import type { Page } from 'playwright-core';
import type { PanelAccount } from './accounts.js';
import type { IspconfigPanel } from './panel.js';

/** Silences the poll of every open page, which would write a session back that another request has changed. */
export function withoutPoll(panel: IspconfigPanel): void {
  panel.misbehaviour.answers.set('datalogstatus', { status: 503, body: '' });
}

export async function logIn(page: Page, url: string, account: PanelAccount): Promise<void> {
  await page.goto(`${url}/login/`);
  await page.fill('#username', account.name);
  await page.fill('#password', account.password);
  await page.click('input[type=submit]');
}

/** Opens a module and one of its pages, which it asks for when nothing else is under way: sessions have no lock. */
export async function openPage(page: Page, module: string, item: string): Promise<void> {
  await page.click(`#main-navigation a[data-capp=${module}]`);
  await page.waitForSelector(`#main-navigation a.active[data-capp=${module}]`);
  await page.waitForSelector(`#${item} a`);
  await page.waitForSelector('#pageContent h1');
  await page.evaluate(() => document.getElementById('pageContent')?.replaceChildren());
  await page.click(`#${item} a`);
  await page.waitForSelector('#pageContent h1');
}
