import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer as createTlsServer, request as tlsRequest } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { freePort } from '../support/free-port.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';
import { startPlainGateway } from './start.js';
import { startUpstream } from './upstream.js';

const folder = tempFolder();
const panel = await startUpstream();
const files = selfSigned(folder, 'panel');
const others = selfSigned(folder, 'other');

after(() => panel.close());

test('TLS is served from version 1.2 on', async () => {
  const port = await freePort();
  const more = { listen: `127.0.0.1:${port}`, publicUrl: `https://localhost:${port}`, tls: files };
  const gateway = await startPlainGateway(panel.port, more);
  assert.equal(gateway.url, `https://127.0.0.1:${port}`);
  const status = await new Promise((resolve, reject) => {
    tlsRequest({ port, host: '127.0.0.1', path: '/static/20k.css', ca: readFileSync(files.cert) }, (res) => {
      res.resume();
      resolve(res.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 200);
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await assert.rejects(
    new Promise((resolve, reject) => {
      tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...old }, () => resolve(undefined)).on(
        'error',
        reject,
      );
    }),
  );
  await gateway.close();
});

test('a unix socket on both sides, closed to others, and a stale one is replaced', async () => {
  const [front, back] = [join(folder, 'front.sock'), join(folder, 'back.sock')];
  const behind = await startUpstream(back);
  writeStale(front);
  const more = { listen: `unix:${front}`, trustedProxies: ['unix'], upstream: `http+unix:${back}` };
  const gateway = await startPlainGateway(0, more);
  assert.equal(statSync(front).mode & 0o777, 0o660);
  const headers = { host: 'panel', cookie: 'plain=1', 'x-forwarded-for': '6.6.6.6, 198.51.100.7' };
  const text = await new Promise<string>((resolve, reject) => {
    request({ socketPath: front, path: '/echo', headers }, async (res) => {
      let body = '';
      for await (const part of res) body += part;
      resolve(body);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(
    (JSON.parse(text) as { headers: Record<string, string> }).headers['x-forwarded-for'],
    '198.51.100.7',
  );
  await gateway.close();
  await behind.close();
});

/** What a process leaves behind that did not close its socket. */
function writeStale(path: string): void {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  try {
    execFileSync(process.execPath, ['-e', script]);
  } catch {
    assert.ok(statSync(path).isSocket());
  }
}

test('neither a socket in use nor a plain file is replaced', async () => {
  const used = join(folder, 'used.sock');
  const server = createServer().listen(used);
  await new Promise((resolve) => server.once('listening', resolve));
  const plain = join(folder, 'plain.txt');
  writeFileSync(plain, 'keep');
  for (const path of [used, plain]) {
    const started = startPlainGateway(panel.port, { listen: `unix:${path}`, trustedProxies: ['unix'] });
    await assert.rejects(started, /is in use by another program/);
  }
  assert.equal(readFileSync(plain, 'utf8'), 'keep');
  server.close();
});

test('IPv6', async () => {
  const port = await freePort();
  const gateway = await startPlainGateway(panel.port, {
    listen: `[::1]:${port}`,
    publicUrl: `http://[::1]:${port}`,
  });
  assert.equal(gateway.url, `http://[::1]:${port}`);
  const reply = await fetch(`${gateway.url}/echo`, { headers: { cookie: 'plain=1' } });
  assert.equal(
    ((await reply.json()) as { headers: Record<string, string> }).headers['x-forwarded-for'],
    '::1',
  );
  await gateway.close();
});

test('a panel with https is believed by its certificate, or by the system', async () => {
  const tls = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
  const server = createTlsServer(tls, (_req, res) => res.end('panel')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const upstream = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [more, status] of [
    [{ upstreamCertificate: files.cert }, 200],
    [{ upstreamCertificate: others.cert }, 502],
    [{ upstreamCertificate: join(folder, 'none.crt') }, 502],
    [{}, 502],
  ] as const) {
    const gateway = await startPlainGateway(0, { upstream, ...more });
    for (let i = 0; i < 2; i += 1) assert.equal((await fetch(`${gateway.url}/static/x.css`)).status, status);
    await gateway.close();
  }
  server.close();
  server.closeAllConnections();
});
