import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-path.js';

export interface PageOptions {
  /** On unless said otherwise. */
  readonly javaScript?: boolean;
  /** The browser's language; English unless said otherwise. */
  readonly language?: string;
  /** As `clipboard-read`. */
  readonly permissions?: readonly string[];
}

/** What a browser test gets besides node's own context. */
export interface BrowserTest {
  readonly t: TestContext;
  /** A page in a browser profile of its own: another `newPage` is another person's browser. */
  newPage(options?: PageOptions): Promise<Page>;
}

const switches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const problems = new WeakMap<Page, string[]>();
let running: Promise<Browser> | undefined;

after(async () => (await running)?.close());

/** A test with pages of a real Chromium. When it fails, a picture of each of its pages is kept in the folder of pictures. */
export function browserTest(name: string, body: (context: BrowserTest) => Promise<void>): void {
  void test(name, async (t) => {
    const contexts: BrowserContext[] = [];
    const newPage = async (options: PageOptions = {}) => {
      const page = await openPage(options);
      contexts.push(page.context());
      return page;
    };
    try {
      await body({ t, newPage });
    } catch (error) {
      const pages = contexts.flatMap((context) => context.pages());
      await Promise.allSettled(pages.map((page, index) => keep(page, `failed ${name} ${index + 1}`)));
      throw error;
    } finally {
      await Promise.allSettled(contexts.map((context) => context.close()));
    }
  });
}

/** Keeps a picture of the whole page when the environment variable `SCREENSHOTS` names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await keep(page, name);
}

/** Uncaught errors and complaints on the page's console so far, as about a violated Content-Security-Policy. */
export function problemsOf(page: Page): readonly string[] {
  return problems.get(page) ?? [];
}

async function openPage({
  javaScript = true,
  language = 'en',
  permissions = [],
}: PageOptions): Promise<Page> {
  running ??= chromium.launch({
    executablePath: chromiumPath(),
    args: process.getuid?.() === 0 ? ['--no-sandbox', ...switches] : switches,
  });
  const context = await (await running).newContext({
    javaScriptEnabled: javaScript,
    locale: language,
    permissions: [...permissions],
    // What Node has been told about certificates holds for the browser, too.
    ignoreHTTPSErrors: process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0',
    viewport: { width: 1200, height: 800 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const heard: string[] = [];
  problems.set(page, heard);
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    // An answer with 4xx is reported there too, and is often what a test wants.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      heard.push(message.text());
  });
  return page;
}

async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'panel-2fa-failed-'));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.png`);
  await page.screenshot({ path, fullPage: true });
  console.error(`A picture of ${page.url()}: ${path}`);
}
