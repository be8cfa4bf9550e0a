import type { Page } from 'playwright-core';
import type { PanelAccount } from '../../support/ispconfig/accounts.js';
import { behindGateway } from './setup.js';

export const ALERT = '#twofa [role=alert]';
/** The green button of a form of the panel. */
export const SAVE = '.tab-content button.formbutton-success';

/** As `behindGateway`, for browsers: without the poll of every open page, which would write a session back that another request has changed. */
export async function behindShell() {
  const setup = await behindGateway();
  setup.panel.misbehaviour.answers.set('datalogstatus', { status: 503, body: '' });
  return setup;
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

export const openSettings = (page: Page) => openPage(page, 'tools', 'user_settings');

/** As somebody chooses in a list that the shell has made of a select. */
export async function choose(page: Page, select: string, text: string): Promise<void> {
  await page.click(`#s2id_${select} .select2-choice`);
  await page.click(`.select2-drop-active li:has-text("${text}")`);
}

export async function type(page: Page, field: string, text: string): Promise<void> {
  await page.click(field);
  await page.fill(field, text);
}

export async function keyOf(page: Page): Promise<string> {
  return ((await page.textContent('.twofa-data code')) ?? '').replaceAll(' ', '');
}

/** The posts to the panel's own pages from now on. */
export function postsOf(page: Page): string[] {
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
  });
  return posts;
}
