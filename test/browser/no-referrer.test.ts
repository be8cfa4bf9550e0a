import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { startTinyPanel } from '../http/tiny-panel.js';
import { browserTest } from '../support/browser.js';
import { tempFolder } from '../support/temp-folder.js';

const account = { realm: 'user', id: '7', name: 'client1', role: 'client' } as const;
const heard: (readonly [origin: string | undefined, site: string | undefined])[] = [];

/** A web server that was made secure by a guide: it adds a header to each answer. */
const server = createServer((req, res) => {
  const { origin, 'sec-fetch-site': site } = req.headers;
  if (req.method === 'POST') heard.push([origin, site as string | undefined]);
  const target = { host: '127.0.0.1', port: new URL(panel.url).port, path: req.url, method: req.method };
  req.pipe(
    request({ ...target, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'referrer-policy': 'no-referrer' });
      answer.pipe(res);
    }),
  );
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const panel = await startTinyPanel(tempFolder(), [account], () => ({ publicUrl }));
after(async () => {
  server.close();
  server.closeAllConnections();
  await panel.close();
});

for (const javaScript of [true, false]) {
  browserTest(
    `10.2 forms are taken from a page with Referrer-Policy: no-referrer, JavaScript ${javaScript ? 'on' : 'off'}`,
    async ({ newPage }) => {
      const page = await newPage({ javaScript });
      const [name = '', value = ''] = panel.login(account).split('=');
      await page.context().addCookies([{ name, value, url: publicUrl }]);
      await page.goto(`${publicUrl}/2fa/settings`);
      await page.getByLabel('Two-factor authentication').selectOption('2FA');
      if (!javaScript) await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('img', { name: /QR code/ }).waitFor();
      heard.length = 0;
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').filter({ hasText: 'Nothing is active yet' }).waitFor();
      assert.deepEqual(heard, [['null', 'same-origin']], 'what a browser says then');
    },
  );
}
