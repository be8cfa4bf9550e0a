import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { reachOf } from '../../src/gateway/reach.js';
import { waysPast } from '../../src/gateway/ways-past.js';
import { ispconfigSigns } from '../../src/hosts/ispconfig/signs.js';
import { examine } from '../../src/operator/commands/doctor/examination.js';
import { lineOf } from '../../src/operator/commands/doctor/finding.js';
import { newKeyRingText } from '../../src/storage/key-file-format.js';
import { behindGateway } from '../gateway/ispconfig/setup.js';
import { freePort } from '../support/free-port.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { startIspconfig } from '../support/ispconfig/panel.js';
import { optionalGrants } from '../support/ispconfig/schema.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { startRedis } from '../support/redis.js';
import { tempFolder } from '../support/temp-folder.js';

const redis = await startRedis();
after(() => redis.stop());
const { gateway, panel, database, server, person } = await behindGateway({ config: { redis: redis.url } });
await person(accounts.client1).enrol();
const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'));
const folder = tempFolder();

/** The running gateway's configuration, or one that differs like this. */
function configured(more: object = {}): string {
  const file = join(folder, 'gateway.json');
  writeFileSync(file, JSON.stringify({ ...config, ...more }), { mode: 0o600 });
  return file;
}

/** As an operator runs it. */
async function run(...args: string[]) {
  const { code, output } = await runProcess(process.execPath, [inProject('dist/cli.js'), 'doctor', ...args]);
  return { code, lines: output.trimEnd().split('\n') };
}

/** What it would print, without a process of its own. */
async function linesFor(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const finding of examine(file)) lines.push(lineOf(finding));
  return lines;
}

async function doctor(more: object = {}) {
  const lines = await linesFor(configured(more));
  for (const line of lines) assert.match(line, /^(ok|warning|problem) +\S.*$/);
  return { lines, problems: lines.filter((line) => line.startsWith('problem')) };
}

const has = (lines: readonly string[], pattern: RegExp) =>
  assert.ok(
    lines.some((line) => pattern.test(line)),
    `${pattern}\n${lines.join('\n')}`,
  );

test('A23 all is in order, but for a panel that every user of the machine reaches', async () => {
  const { code, lines } = await run('--config', configured());
  assert.equal(code, 0, lines.join('\n'));
  for (const pattern of [
    /^ok .*gateway\.json is right/,
    /^ok .*has 1 key and is closed to others/,
    /^ok .*up to date and has 1 account with 2FA/,
    /^ok .*Redis takes the writes and scripts/,
    /^ok .*panel's database can be read, and our user there can do nothing else/,
    /^ok .*The panel is version 3\.2\.12, on which/,
    /^ok .*own TOTP are not offered to take it over\. .*ispconfig-grants\.sql/,
    /^ok .*The panel answers at http:\/\/127\.0\.0\.1:\d+\./,
    /^warning .*Every user of this machine can connect to the panel.*past the gateway.*0700/,
    /^ok .* leads to the gateway\./,
    /^ok .*a client's address from the connection/,
  ])
    has(lines, pattern);
});

test('the versions that were seen are known by name, another is told, and what was granted beside that is no excess', async () => {
  await server.execute(optionalGrants(new URL(database.readOnlyUrl).pathname.slice(1)));
  for (const [version, pattern] of [
    ['3.2.12', /^ok .*The panel is version 3\.2\.12, on which the gateway was tried/],
    ['3.3.1p1', /^ok .*The panel is version 3\.3\.1p1, on which/],
    [
      '3.3.2',
      /^warning .*The panel is version 3\.3\.2; the gateway was tried on 3\.2\.11p2, 3\.2\.12, 3\.3\.1p1\. — .*try a login/,
    ],
    ['', /^warning .*The panel does not say its version\./],
  ] as const) {
    await database.query("UPDATE sys_config SET value = ? WHERE name = 'db_version'", [version]);
    const { lines, problems } = await doctor();
    has(lines, pattern);
    assert.deepEqual(problems, []);
  }
  await database.query("UPDATE sys_config SET value = '3.9.1' WHERE name = 'db_version'");
  const { lines } = await doctor();
  has(lines, /our user there can do nothing else/);
  has(lines, /own TOTP are offered to take it over/);
  await gateway.restart();
  assert.match(gateway.output, /ISPConfig 3\.9\.1 was not tried; tried were 3\.2\.11p2/);
});

test('A23 a socket in a folder of its own is reached by nobody else; in an open one by everybody', async () => {
  const room = join(tempFolder(), 'room');
  mkdirSync(room, { mode: 0o700 });
  const socket = join(room, 'panel.sock');
  const other = await startIspconfig({ database, listen: socket });
  chmodSync(socket, 0o666);
  try {
    has((await doctor({ upstream: other.url })).lines, /^ok .*Only users allowed by its file modes/);
    assert.equal(await reachOf(other.url), 'owner');
    for (const above of [room, dirname(room)]) chmodSync(above, 0o755);
    assert.equal(await reachOf(other.url), 'machine');
    chmodSync(socket, 0o660);
    assert.equal(await reachOf(other.url), 'owner');
  } finally {
    await other.stop();
  }
  assert.equal(await reachOf('http://127.0.0.1:1'), 'machine');
  assert.equal(await reachOf('http://[::1]:1'), 'machine');
  await assert.rejects(reachOf(other.url), /ENOENT/);
});

test('A23 a panel in the network, and a public address that leads past the gateway, are problems', async () => {
  const { problems } = await doctor({ publicUrl: panel.url, upstream: 'http://192.0.2.1:1' });
  has(problems, /leads to the panel, past the gateway\. — /);
  has(problems, /192\.0\.2\.1:1, which other machines can reach too/);
  has(problems, /The panel does not answer at http:\/\/192\.0\.2\.1:1/);
});

test('A23 a second port of the panel is found, with the gateway or nobody at others', async () => {
  const port = Number(new URL(panel.url).port);
  const signs = { ...ispconfigSigns, health: '/2fa/health' };
  const places = { hosts: ['127.0.0.1'], ports: [gateway.port, await freePort(), port], name: 'panel.test' };
  assert.deepEqual(await waysPast(places, signs), [{ origin: panel.url, reach: 'machine' }]);
});

test('A23 somebody else or nobody at the public address or in place of the panel', async () => {
  const stranger = createServer((_request, response) => void response.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const { port } = stranger.address() as { port: number };
  try {
    const url = `http://127.0.0.1:${port}`;
    const { problems } = await doctor({ publicUrl: url, upstream: url });
    has(problems, /leads to neither gateway nor panel/);
    has(problems, /and it is not the panel/);
  } finally {
    stranger.close();
  }
  const nobody = `http://127.0.0.1:${await freePort()}`;
  has((await doctor({ publicUrl: nobody })).problems, /Nothing answers at/);
});

test('A57 a login that waits for what nobody knows is told, with the setting that names it', async () => {
  has((await doctor()).lines, /^ok .*No login waits/);
  await database.query("UPDATE sys_user SET otp_type = 'email' WHERE userid = 4");
  await person(accounts.client2).logIn();
  has((await doctor()).lines, /^ok .*No login waits/);
  await database.query("UPDATE sys_session SET session_data = REPLACE(session_data, '}otp|', '}totpauth|')");
  has(
    (await doctor()).lines,
    /^warning .*steps of the panel that are not known.*: totpauth\. — .*loginSteps/,
  );
  const loginSteps = { totpauth: ['/totpauth/verify.php'] };
  has((await doctor({ panel: { ...config.panel, loginSteps } })).lines, /^ok .*No login waits/);
  await database.query("UPDATE sys_user SET otp_type = 'none'");
});

test('A23 a user of the panel database with more rights than needed: reading more warns, writing is a problem', async () => {
  const name = new URL(database.readOnlyUrl).pathname.slice(1);
  const user = "'twofa'@'127.0.0.1'";
  const granted = async (right: string, act: () => Promise<void>) => {
    await server.execute(`GRANT ${right} TO ${user}`);
    await act().finally(() => server.execute(`REVOKE ${right} FROM ${user}`));
  };
  await granted(`SELECT (app_theme) ON ${name}.sys_user`, async () => {
    has(
      (await doctor()).lines,
      /^warning .*rights that it does not need: SELECT on \w+\.sys_user \(app_theme\)\. — .*grants\.sql/,
    );
  });
  for (const [right, seen] of [
    [`UPDATE (active) ON ${name}.sys_user`, /UPDATE on \w+\.sys_user \(active\)/],
    [`DELETE ON ${name}.sys_session`, /DELETE on \w+\.sys_session\./],
    [`INSERT ON ${name}.*`, /INSERT on \w+\.\*/],
    ['FILE ON *.*', /FILE on \*\.\*/],
  ] as const)
    await granted(right, async () => has((await doctor()).problems, seen));
  await server.execute('CREATE ROLE helper');
  await granted('helper', async () => has((await doctor()).problems, /the role helper/));
});

test('a database user as an older version had it: doctor and the start name every column that is missing', async () => {
  const name = new URL(database.readOnlyUrl).pathname.slice(1);
  const rights = [
    `SELECT (modules, \`groups\`) ON ${name}.sys_user`,
    `SELECT (groupid) ON ${name}.sys_group`,
    `SELECT (password) ON ${name}.client`,
    `SELECT (remote_session, remote_userid, client_login) ON ${name}.remote_session`,
  ];
  const missing =
    /SELECT command denied .* cannot read sys_user\.modules, sys_user\.groups, client\.password, sys_group\.groupid, remote_session\.remote_session, .*grants\.sql/;
  for (const right of rights) await server.execute(`REVOKE ${right} FROM 'twofa'@'127.0.0.1'`);
  try {
    has((await doctor()).problems, missing);
  } finally {
    for (const right of rights) await server.execute(`GRANT ${right} TO 'twofa'@'127.0.0.1'`);
  }
  has((await doctor()).lines, /^ok .*can do nothing else/);
});

test('10.9 a Redis that throws away warns, one that takes no writes is a problem', async () => {
  const admin = new Redis(redis.url);
  try {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    has((await doctor()).lines, /^warning .*Redis throws pending logins.*allkeys-lru\)\. — .*noeviction/);
    await admin.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
    has((await doctor()).problems, /Redis at 127\.0\.0\.1:\d+ cannot be used: its memory is full.* — /);
  } finally {
    await admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    admin.disconnect();
  }
});

test('A49 a panel that keeps the id of a session at a login is a problem, by what its own settings say', async () => {
  const file = join(folder, 'security_settings.ini');
  for (const [text, seen] of [
    ['[permissions]\r\nsession_regenerate_id=yes\r\n', /^ok .*new id at each login/],
    ['[Permissions]\nsession_regenerate_id=no\nsession_regenerate_id= yes \n', /^ok .*new id/],
    ['[permissions]\nsession_regenerate_id=no\n', /^problem .*there is no session_regenerate_id=yes\. — Set/],
    ['[permissions]\nsession_regenerate_id=Yes\n', /^problem .*keeps the id/],
    ['[permissions]\nsession_regenerate_id = yes\n', /^problem .*keeps the id/],
    ['[ids]\nsession_regenerate_id=yes\n', /^problem .*keeps the id/],
    ['', /^problem .*keeps the id/],
  ] as const) {
    writeFileSync(file, text);
    has((await doctor({ panel: { ...config.panel, securitySettings: file } })).lines, seen);
  }
  const missing = { ...config.panel, securitySettings: join(folder, 'none.ini') };
  has(
    (await doctor({ panel: missing })).lines,
    /^warning .*cannot be read: ENOENT.*as root where the panel is/,
  );
});

test('A23 stores away, keys open to others or missing, a database of before: problems, and nothing is made', async () => {
  const missing = join(folder, 'none');
  const open = join(folder, 'open');
  writeFileSync(open, readFileSync(config.keyFile), { mode: 0o644 });
  const away = `redis://:secret@127.0.0.1:${await freePort()}`;
  const panelAway = { ...config.panel, database: `mysql://twofa:secret@127.0.0.1:${await freePort()}/panel` };
  const first = await doctor({
    keyFile: missing,
    database: `sqlite:${missing}`,
    redis: away,
    panel: panelAway,
  });
  for (const pattern of [
    /The key file \S+ is missing — /,
    /Our database cannot be read: .*ENOENT/,
    /Redis at 127\.0\.0\.1:\d+ does not answer/,
    /The panel's database cannot be read: .*ECONNREFUSED/,
  ])
    has(first.problems, pattern);
  assert.doesNotMatch(first.lines.join('\n'), /secret/);
  assert.throws(() => readFileSync(missing), /ENOENT/);

  writeFileSync(missing, '');
  const second = await doctor({ keyFile: open, database: `sqlite:${missing}` });
  has(second.problems, /is open to others \(mode 0644\)/);
  has(second.problems, /Our database is not up to date: it lacks CreateTwoFactor\d+, SealAudit\d+\./);
  rmSync(missing);
});

test('A23 a lost key is told with the number of accounts that it closes', async () => {
  const keyFile = join(folder, 'other-key');
  // Of another installation: the same format, and none of these keys.
  writeFileSync(keyFile, newKeyRingText(), { mode: 0o400 });
  has((await doctor({ keyFile })).problems, /lacks the keys of 1 account: they are closed\. — Restore/);
});

test('A8 A23 a proxy before the gateway that is not trusted is a problem: all clients would be one', async () => {
  const { problems } = await doctor({ publicUrl: 'https://127.0.0.1:1' });
  has(problems, /trustedProxies is empty: all clients appear to have its address/);
});

test('A23 a wrong configuration is one problem that names every key; one that all can read is a warning', async () => {
  const { code, lines } = await run('--config', configured({ upstream: 'nowhere', listen: 7 }));
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^problem .*listen: .*upstream: must be like/);
  const file = configured();
  chmodSync(file, 0o644);
  assert.match(
    (await linesFor(file))[0] ?? '',
    /^warning .*every user can read it\. — Set it to mode 0640, with the group of the service\.$/,
  );
  assert.match(
    (await run()).lines.join(),
    /^problem +\/etc\/panel-2fa\/gateway\.json cannot be read: ENOENT/,
  );
});

test('10.2 a web server that keeps browsers from saying where a form comes from is found', async () => {
  let added = '';
  const server = createServer((req, res) => {
    const asked = request(`${gateway.url}${req.url}`, { headers: req.headers }, (answer) => {
      const { 'referrer-policy': own = '', ...headers } = answer.headers;
      res.setHeader('referrer-policy', [String(own), added]);
      res.writeHead(answer.statusCode ?? 500, headers);
      answer.pipe(res);
    });
    asked.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const [policy, isFound] of [
      ['no-referrer', true],
      ['strict-origin, No-Referrer', true],
      ['no-referrer, nonsense', true],
      ['no-referrer, strict-origin', false],
      ['no-referrer-when-downgrade', false],
      ['same-origin', false],
    ] as const) {
      added = policy;
      const { lines } = await doctor({ publicUrl: gateway.url, publicUrls: [publicUrl] });
      has(lines, new RegExp(`^ok +${gateway.url} leads to the gateway`));
      has(lines, new RegExp(`^ok +${publicUrl} leads to the gateway`));
      const found = lines.filter((line) => /^warning +.*Referrer-Policy: no-referrer/.test(line));
      assert.deepEqual(
        found.map((line) => line.includes(publicUrl)),
        isFound ? [true] : [],
        policy,
      );
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('what the configuration opens is listed, and the panel behind a folder that passes through is a problem', async () => {
  has((await doctor()).lines, /^ok .*opens no paths besides/);
  const paths = { public: [{ path: '/nic/update', methods: ['GET', 'POST'] }], passThrough: ['/webmail/'] };
  const { lines, problems } = await doctor({ paths });
  has(lines, /^ok .*paths\.public: \/nic\/update \(GET, POST\)\.$/);
  has(lines, /^warning .*\/webmail\/ passes through untouched.*2FA does not protect/);
  assert.deepEqual(problems, []);
  const { problems: own } = await doctor({ paths: { passThrough: ['/add-on/'] } });
  has(own, /\/add-on\/ passes through without 2FA, and it is the panel that answers there/);
  has(
    (await doctor({ paths: { passThrough: ['/mail/', '/2fa'] } })).problems,
    /paths\.passThrough\.0: belongs to the panel/,
  );
});
