import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { standIn } from '../../stand-in/stand-in.js';
import { freePort } from '../../support/free-port.js';
import { configOf, Gateway, spawnGateway } from '../../support/gateway.js';
import { inProject } from '../../support/project.js';
import { tempFolder } from '../../support/temp-folder.js';

const { panel, database, server } = await standIn();

async function run(more: object, env = {}, args: readonly string[] = []) {
  const folder = tempFolder();
  const options = { upstream: panel.url, panelDatabase: database.readOnlyUrl };
  const file = join(folder, 'gateway.json');
  writeFileSync(file, JSON.stringify({ ...configOf(options, folder, await freePort()), ...more }));
  const child = spawnGateway(['--config', file, ...args], env);
  const timer = setTimeout(() => void child.stop(), 20_000);
  const { code } = await child.exited;
  clearTimeout(timer);
  return { code, output: child.output.replaceAll(file, 'FILE') };
}

test('--help tells how it is called', async () => {
  const child = spawnGateway(['--help']);
  assert.equal((await child.exited).code, 0);
  assert.match(child.output, /--config FILE/);
});

test('every wrong key of the panel and of ours has a line, and the exit code is 1', async () => {
  const { code, output } = await run({
    panel: {
      type: 'ispconfig',
      database: 'postgres://u:secret@h/d',
      remoteApi: 'perhaps',
      databse: 'x',
      loginSteps: {
        otp: ['/totpauth/verify.php'],
        '1st': ['/totpauth/verify.php'],
        a: [],
        b: ['totpauth/verify.php'],
        c: ['/totpauth/'],
        d: ['/a//b.php'],
        e: ['/a/../b.php'],
        f: ['/a/b.php?x'],
        g: ['/a/b.php', '/a/%62.php'],
      },
    },
    upstream: 'panel:8081',
    publicUrl: 'http://panel.example.com',
    period: 45,
    issuer: '',
    listen: 'here',
    colour: 'red',
  });
  assert.equal(code, 1);
  const [head, ...lines] = output.trimEnd().split('\n');
  assert.equal(head, 'FILE:');
  assert.deepEqual(
    lines.map((line) => /^ {2}([\w.]+): \S/.exec(line)?.[1] ?? line),
    [
      'colour',
      'issuer',
      'listen',
      'panel.database',
      'panel.databse',
      ...['1st', 'a', 'b.0', 'c.0', 'd.0', 'e.0', 'f.0', 'g.1', 'otp'].map(
        (key) => `panel.loginSteps.${key}`,
      ),
      'panel.remoteApi',
      'period',
      'publicUrl',
      'upstream',
    ],
  );
  assert.doesNotMatch(output, /secret|\bat /);
});

test('a panel of another type is named', async () => {
  const { code, output } = await run({ panel: { type: 'plesk' } });
  assert.deepEqual([code, output], [1, 'FILE:\n  panel.type: must be one of ispconfig\n']);
});

test('a wrong password for the panel, a missing grant and a panel database that is down end with one line each', async () => {
  await server.execute(
    "CREATE USER 'few'@'127.0.0.1' IDENTIFIED BY 'few-secret'; GRANT SELECT (userid) ON panel0.sys_user TO 'few'@'127.0.0.1'",
  );
  for (const url of [
    server.url('twofa', 'other-secret', 'panel0'),
    server.url('few', 'few-secret', 'panel0'),
    server.url('twofa', 'twofa-secret', 'none'),
    `mysql://twofa:down-secret@127.0.0.1:${await freePort()}/panel0`,
  ]) {
    const { code, output } = await run({ panel: { type: 'ispconfig', database: url }, logLevel: 'silent' });
    assert.equal(code, 1, output);
    assert.match(output, /^The panel's database[^\n]*\n$/);
    assert.doesNotMatch(output, /secret/);
  }
});

test('secrets may come from the environment, and win', async () => {
  const panelDatabase = { panel: { type: 'ispconfig', database: 'mysql://nobody@127.0.0.1:1/none' } };
  const env = { PANEL_2FA_PANEL_DATABASE: database.readOnlyUrl };
  assert.match((await run(panelDatabase, env, ['--check'])).output, /^FILE is right\.\n$/);
  const gateway = await Gateway.start({
    upstream: panel.url,
    panelDatabase: 'mysql://nobody@127.0.0.1:1/none',
    env,
  });
  assert.equal((await fetch(`${gateway.url}/login/`)).status, 200);
  await gateway.stop();
});

test('the shipped configuration is right', async () => {
  const shipped = JSON.parse(readFileSync(inProject('deploy/gateway.json'), 'utf8')) as object;
  assert.deepEqual(await run(shipped, {}, ['--check']), { code: 0, output: 'FILE is right.\n' });
});

test('the key file and our tables are created, and without redis it says that it is the only one', async () => {
  const gateway = await Gateway.start({ upstream: panel.url, panelDatabase: database.readOnlyUrl });
  assert.match(gateway.output, /without redis this must be the only gateway/);
  assert.ok(readFileSync(join(gateway.folder, 'key')).length > 0);
  assert.equal((await fetch(`${gateway.url}/2fa/health`)).status, 200);
  const second = spawnGateway(['--config', gateway.configFile]);
  assert.equal((await second.exited).code, 1);
  assert.match(second.output, /in use by another process/);
  await gateway.stop();
});
