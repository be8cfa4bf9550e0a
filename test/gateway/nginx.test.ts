import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from '../support/free-port.js';
import { inProject } from '../support/project.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';
import { startFastCgi } from './fastcgi.js';
import { filledTemplate, startNginx } from './nginx.js';
import { startPlainGateway } from './start.js';

const folder = tempFolder();
// nginx started by root gives its work to another user, who must get to the files and sockets.
chmodSync(folder, 0o755);
const port = await freePort();
const at = (name: string) => join(folder, name);
const web = at('web/');

mkdirSync(web);
writeFileSync(at('web/style.css'), 'body{}');
writeFileSync(at('web/index.php'), '');
writeFileSync(at('web/page.php'), '');
writeFileSync(at('web/.hidden'), 'secret');
selfSigned(folder, 'tls');

const fpm = await startFastCgi(at('fpm.sock'));
chmodSync(at('fpm.sock'), 0o666);
const servers = filledTemplate({
  '{vhost_port}': String(port),
  '{ssl_on}': 'ssl http2',
  '{ssl_comment}': '',
  '{fastcgi_ssl}': 'on',
  '{fpm_socket}': at('fpm.sock'),
  '/run/panel-2fa/gateway.sock': at('gateway.sock'),
  '/run/ispconfig/panel.sock': at('panel.sock'),
  '/usr/local/ispconfig/interface/web/': web,
  '/usr/local/ispconfig/interface/ssl/ispserver': at('tls'),
});
const gateway = await startPlainGateway(0, {
  ...JSON.parse(readFileSync(inProject('deploy/gateway.json'), 'utf8')),
  listen: `unix:${at('gateway.sock')}`,
  upstream: `http+unix:${at('panel.sock')}`,
  publicUrl: `https://localhost:${port}`,
  panel: { type: 'plain' },
  database: `sqlite:${at('factors.sqlite')}`,
  keyFile: at('key'),
  logLevel: 'silent',
});
chmodSync(at('gateway.sock'), 0o666);
const nginx = await startNginx(folder, servers);

after(async () => {
  await nginx.stop();
  await gateway.close();
  fpm.close();
});

interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, more: RequestOptions = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, headers, ...more };
    request({ ...options, headers: { host: `localhost:${port}`, ...headers } }, async (res) => {
      let body = '';
      for await (const part of res.setEncoding('utf8')) body += part;
      resolve({ status: res.statusCode ?? 0, location: res.headers.location, body });
    })
      .on('error', reject)
      .end();
  });
}

test('the outer nginx serves static files itself, and the assets of the plugin come from the gateway', async () => {
  assert.deepEqual(await ask('/style.css'), { status: 200, location: undefined, body: 'body{}' });
  assert.match((await ask('/2fa/assets/panel-2fa.css')).body, /twofa/);
  assert.equal((await ask('/.hidden')).status, 403);
});

test('a script is out of reach without a session', async () => {
  const { status, location } = await ask('/page.php');
  assert.deepEqual({ status, location }, { status: 303, location: '/login' });
});

test("A7 a script sees the client's address, host and scheme, whatever the client writes", async () => {
  const forged = {
    cookie: 'plain=1',
    'x-forwarded-for': '6.6.6.6',
    'x-real-ip': '6.6.6.6',
    forwarded: 'for=6.6.6.6',
  };
  const { status, body } = await ask('/page.php?a=b', forged);
  assert.equal(status, 200);
  const params = JSON.parse(body) as Record<string, string>;
  assert.equal(params.REMOTE_ADDR, '127.0.0.1');
  assert.equal(params.HTTPS, 'on');
  assert.equal(params.SERVER_PORT, String(port));
  assert.match(params.HTTP_HOST ?? '', /^localhost/);
  assert.equal(params.QUERY_STRING, 'a=b');
});

test('an index is found behind the gateway', async () => {
  assert.match((await ask('/', { cookie: 'plain=1' })).body, /index\.php/);
});

test('A22 what nginx lets pass is judged again by the gateway', async () => {
  assert.equal((await ask('/a%2fb.php', { cookie: 'plain=1' })).status, 400);
});

test('health of the gateway is seen from outside', async () => {
  assert.equal((await ask('/2fa/health')).status, 200);
});
