import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from '../support/free-port.js';
import { tempFolder } from '../support/temp-folder.js';
import { GatewayProcess, spawnGateway } from './gateway-process.js';
import { plainConfig } from './start.js';
import { startUpstream } from './upstream.js';

const panel = await startUpstream();
const upstream = `http://127.0.0.1:${panel.port}`;

after(() => panel.close());

async function run(args: readonly string[], env = {}): Promise<{ code: number | null; output: string }> {
  const child = spawnGateway(args, env);
  const timer = setTimeout(() => void child.stop(), 20_000);
  const { code } = await child.exited;
  clearTimeout(timer);
  return { code, output: child.output };
}

test('--check judges the configuration and starts nothing', async () => {
  const file = join(tempFolder(), 'gateway.json');
  writeFileSync(file, JSON.stringify(plainConfig(1, upstream)));
  assert.deepEqual(await run(['--config', file, '--check']), { code: 0, output: `${file} is right.\n` });
  writeFileSync(file, JSON.stringify({ ...plainConfig(1, upstream), issuer: 7 }));
  const { code, output } = await run(['--config', file, '--check']);
  assert.equal(code, 1);
  assert.match(output, /gateway\.json:\n {2}issuer: .*\n$/);
});

for (const [what, change, line] of [
  [
    'no certificate',
    { tls: { cert: '/no.pem', key: '/no.key' } },
    /^tls\.cert: \/no\.pem cannot be read: ENOENT\n$/,
  ],
  [
    'no PEM',
    { tls: { cert: '/etc/hostname', key: '/etc/hostname' } },
    /^tls\.cert: \/etc\/hostname is not in PEM format\n$/,
  ],
  ['no templates', { templates: '/no/templates' }, /^.*\/no\/templates does not exist\n$/],
  [
    'a catalogue of no language',
    { templates: strangeTemplates() },
    /^.*en \(copy\)\.json: the name must be .*\n$/,
  ],
] as const) {
  test(`--check and the start say the same, in a line: ${what}`, async () => {
    const file = join(tempFolder(), 'gateway.json');
    writeFileSync(file, JSON.stringify({ ...plainConfig(await freePort(), upstream), ...change }));
    for (const more of [[], ['--check']]) {
      const { code, output } = await run(['--config', file, ...more]);
      assert.match(output.replace(/^\{"level.*\n/gm, ''), line, more.join());
      assert.equal(code, 1);
    }
  });
}

function strangeTemplates(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'messages'));
  writeFileSync(join(folder, 'messages', 'en (copy).json'), '{}');
  return folder;
}

test('what is missing or unknown ends with one line and code 1', async () => {
  for (const [args, line] of [
    [[], /^\/etc\/panel-2fa\/gateway\.json cannot be read: ENOENT\n$/],
    [['--config', '/none.json'], /^\/none\.json cannot be read: ENOENT\n$/],
    [['--cofnig', 'x'], /^Unknown option '--cofnig' \(Did you mean --config\?\)\n$/],
  ] as const) {
    const { code, output } = await run(args);
    assert.equal(code, 1);
    assert.match(output, line);
  }
});

test('a second gateway without redis on the same data is refused', async () => {
  const gateway = await GatewayProcess.start(upstream);
  const { code, output } = await run(['--config', gateway.config]);
  assert.equal(code, 1);
  assert.match(output, /in use by another process/);
  await gateway.process.stop();
});

test('a port that is taken ends with one line', async () => {
  const gateway = await GatewayProcess.start(upstream);
  const file = join(tempFolder(), 'gateway.json');
  writeFileSync(file, JSON.stringify(plainConfig(gateway.port, upstream)));
  const { code, output } = await run(['--config', file]);
  assert.equal(code, 1);
  assert.match(output, /^listen: 127\.0\.0\.1:\d+ is in use by another program\n$/);
  await gateway.process.stop();
});

test('SIGTERM lets a request under way finish, and the data can be opened again', async () => {
  const gateway = await GatewayProcess.start(upstream);
  const body = new URLSearchParams({ password: 'right', wait: '600' });
  const before = panel.seen.length;
  const login = fetch(`${gateway.url}/login`, { method: 'POST', body, redirect: 'manual' });
  while (panel.seen.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  const [exit, reply] = await Promise.all([gateway.process.stop(), login]);
  assert.equal(reply.status, 303);
  assert.deepEqual(exit, { code: 0, signal: null });
  const again = spawnGateway(['--config', gateway.config]);
  await again.waitFor(/the gateway listens/);
  await again.stop();
});

test('A39 the log has neither query, cookie, password nor token', async () => {
  const gateway = await GatewayProcess.start(upstream);
  const headers = { cookie: 'plain=1; token=secret-cookie', authorization: 'Bearer secret-token' };
  await fetch(`${gateway.url}/echo?hash=secret-query`, { headers });
  await fetch(`${gateway.url}/login`, { method: 'POST', body: 'password=secret-password' });
  await fetch(`${gateway.url}/unreadable?hash=secret-query`, { headers });
  await gateway.process.waitFor(/"path":"\/unreadable","status":503/);
  assert.match(
    gateway.process.output,
    /"method":"GET","path":"\/echo","status":200,"address":"127\.0\.0\.1"/,
  );
  assert.doesNotMatch(gateway.process.output, /secret-/);
  await fetch(`${gateway.url}/${'long'.repeat(5_000)}`);
  await gateway.process.waitFor(/(?:long){124}lon… \(19501 more\)"/);
  assert.doesNotMatch(gateway.process.output, /(?:long){126}/);
  await gateway.process.stop();
});
