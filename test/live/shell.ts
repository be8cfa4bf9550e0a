import type { Page } from 'playwright-core';
import type { LiveAccount } from './settings.js';

/** The panel's shell, as its user sees it. Menu entries outside `#main-navigation` belong to the small screens' copy. */
export async function logIn(page: Page, url: string, account: LiveAccount): Promise<void> {
  await enterPassword(page, url, account);
  await inShell(page);
}

/** Fills in the panel's login page, which may lead to the shell or to a code page. */
export async function enterPassword(page: Page, url: string, account: LiveAccount): Promise<void> {
  if (!page.url().includes('/login/')) await page.goto(`${url}/login/`);
  await page.fill('#username', account.name);
  await page.fill('#password', account.password);
  await Promise.all([page.waitForEvent('load'), page.click('input[type=submit]')]);
}

/** Resolves when the shell shows its first page and its menus. */
export async function inShell(page: Page): Promise<void> {
  await page.waitForSelector('#pageContent > *', { state: 'attached' });
  await page.waitForSelector('#main-navigation a', { state: 'attached' });
  await settled(page);
}

/** Resolves when no request of the shell's is under way, and its sign for that has faded away. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    "window.jQuery && jQuery.active === 0 && jQuery(':animated, #ajaxloader:visible').length === 0",
  );
}

export async function logOut(page: Page): Promise<void> {
  await page.click('#logout-button');
  await page.waitForURL(/\/login\/$/);
}

/** Changes to a module; the one that is shown already has no link. */
export async function openModule(page: Page, module: string): Promise<void> {
  const link = page.locator(`#main-navigation a[data-capp="${module}"]`);
  if ((await link.count()) === 0) return;
  await link.click();
  await settled(page);
}

export async function openEntry(page: Page, id: string): Promise<void> {
  await page.click(`#sidebar #${id} a`);
  await settled(page);
}

/** The page with one's own settings: Tools → User Settings, or the mail user's Password. */
export async function openSettings(page: Page, { isMailUser }: LiveAccount): Promise<void> {
  if (!isMailUser) await openModule(page, 'tools');
  await openEntry(page, isMailUser ? 'mail_user_password' : 'user_settings');
  await page.waitForSelector('#pageContent #twofa', { state: 'attached' });
  await settled(page);
}

export const SAVE = '#pageContent button.formbutton-success[data-submit-form]';

/** Presses the panel's Save and waits until the panel has saved. */
export async function save(page: Page): Promise<void> {
  const saved = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('.php'),
  );
  await page.click(SAVE);
  await saved;
  await settled(page);
}

/** Opens a select as the shell has dressed it, and chooses by the text that is shown. */
export async function choose(page: Page, id: string, text: string): Promise<void> {
  const dressed = page.locator(`#s2id_${id} .select2-choice`);
  if ((await dressed.count()) === 0) await page.selectOption(`#${id}`, { label: text });
  else {
    await dressed.click();
    await page.locator('.select2-drop-active li', { hasText: new RegExp(`^\\s*${text}\\s*$`) }).click();
  }
}

/** What a select shows to the eye. */
export async function shownIn(page: Page, id: string): Promise<string> {
  const dressed = page.locator(`#s2id_${id} .select2-chosen`);
  if ((await dressed.count()) > 0) return ((await dressed.textContent()) ?? '').trim();
  return page.locator(`#${id}`).evaluate((element) => {
    const select = element as HTMLSelectElement;
    return select.selectedOptions[0]?.text.trim() ?? '';
  });
}

/** The text of the first such element, once it is there. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return ((await page.textContent(selector)) ?? '').trim();
}

/** Types into a field that the shell keeps read-only until it is clicked. */
export async function type(page: Page, selector: string, text: string): Promise<void> {
  await page.click(selector);
  await page.fill(selector, text);
}
