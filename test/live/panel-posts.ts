import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Names of our fields; none of them may stand in what the browser sends to the panel. */
const OURS = /^(?:twofa|code$|x-twofa)/;

/** What a page sends to the panel's own addresses by POST. */
export class PanelPosts {
  readonly sent: { readonly path: string; readonly names: readonly string[] }[] = [];

  constructor(page: Page) {
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() !== 'POST' || pathname.startsWith('/2fa/')) return;
      this.sent.push({ path: pathname, names: [...new URLSearchParams(request.postData() ?? '').keys()] });
    });
  }

  /** How many went to the panel's pages, logins left out. */
  get saves(): number {
    return this.sent.filter(({ path }) => !path.startsWith('/login/')).length;
  }

  assertNothingOfOurs(): void {
    for (const { path, names } of this.sent) {
      assert.deepEqual(
        names.filter((name) => OURS.test(name)),
        [],
        `sent to ${path}`,
      );
    }
  }
}
