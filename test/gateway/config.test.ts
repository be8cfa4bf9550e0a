import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, checkConfig, loadConfig } from '../../src/gateway/config.js';
import { tempFolder } from '../support/temp-folder.js';
import { plainPanels } from './plain-host.js';
import { plainConfig } from './start.js';

const right = plainConfig(8090, 'http+unix:/run/ispconfig/panel.sock');

function problems(given: unknown, env = {}): string {
  try {
    checkConfig(given, plainPanels, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return '';
}

test('a right configuration gets its defaults', () => {
  const config = checkConfig(right, plainPanels);
  assert.equal(config.loginsPerMinute, 10);
  assert.equal(config.upstreamSeconds, 60);
  assert.equal(config.plugin.publicUrl, 'http://127.0.0.1:8090');
});

test('every wrong key is named, all at once, and no value is repeated', () => {
  const message = problems({
    ...right,
    listen: 'everywhere',
    upstream: 'http://panel/with/path',
    trustedProxies: ['127.0.0.1', 'nginx'],
    panel: { type: 'plain', remoteApi: 'maybe', databse: 'x' },
    database: 'oracle://scott:tiger@db',
    period: 45,
    tls: { cert: '/cert' },
    loginsPerMinute: 0,
    lissten: 1,
  });
  const named = message.split('\n').map((line) => line.trim().split(':')[0]);
  assert.deepEqual(named, [
    'database',
    'lissten',
    'listen',
    'loginsPerMinute',
    'panel.databse',
    'panel.remoteApi',
    'period',
    'tls.key',
    'trustedProxies.1',
    'upstream',
  ]);
  assert.doesNotMatch(message, /tiger/);
});

test('what is missing is named', () => {
  assert.match(
    problems({}),
    /database:.*\n.*keyFile:.*\n.*listen:.*\n.*panel:.*\n.*publicUrl:.*\n.*upstream:/,
  );
  assert.match(problems({ ...right, upstreamCertificate: '/c' }), /upstreamCertificate: is only for/);
  assert.match(problems([]), /must be a JSON object/);
  assert.match(problems({ ...right, panel: { type: 'other' } }), /panel\.type: must be one of plain/);
  assert.match(problems({ ...right, publicUrl: 'http://panel.example.com' }), /publicUrl: must be https/);
});

test('paths are opened one by one, and none of the panel or ours', () => {
  const { paths } = checkConfig(
    {
      ...right,
      paths: {
        public: ['/themes/brand/title.php', { path: '/nic/update', methods: ['GET', 'POST'] }],
        passThrough: ['/webmail', '/phpmyadmin/'],
      },
    },
    plainPanels,
  );
  assert.deepEqual(paths, {
    public: [
      { path: '/themes/brand/title.php', methods: ['GET', 'HEAD'] },
      { path: '/nic/update', methods: ['GET', 'POST'] },
    ],
    passThrough: ['/webmail/', '/phpmyadmin/'],
  });
  assert.deepEqual(checkConfig(right, plainPanels).paths, { public: [], passThrough: [] });
  for (const wrong of [
    '',
    '/',
    'webmail',
    '/web*',
    '/a//b',
    '/a/../b',
    '/.git/',
    '/a?b',
    '/a%2fb',
    '/a.php/b',
    7,
  ])
    for (const key of ['public', 'passThrough'])
      assert.match(
        problems({ ...right, paths: { [key]: [wrong] } }),
        new RegExp(`^  paths\\.${key}\\.0: must be`),
        `${wrong}`,
      );
  for (const taken of ['/login', '/page/', '/2fa', '/2fa/login'])
    for (const key of ['public', 'passThrough'])
      assert.match(problems({ ...right, paths: { [key]: [taken] } }), /belongs to the panel or to us/, taken);
  assert.match(
    problems({ ...right, paths: { public: [{ path: '/a', methods: ['TRACE'] }] } }),
    /paths\.public\.0: must be/,
  );
  assert.match(problems({ ...right, paths: { opened: [] } }), /paths\.opened: is not known/);
});

test('a unix socket needs a proxy that is trusted', () => {
  const listen = 'unix:/run/panel-2fa/gateway.sock';
  assert.match(problems({ ...right, listen }), /trustedProxies/);
  assert.equal(problems({ ...right, listen, trustedProxies: ['unix'] }), '');
  assert.equal(problems({ ...right, listen: '[::1]:8090' }), '');
  for (const wrong of ['::1:8090', '127.0.0.1', ':8090', '127.0.0.1:99999', 'unix:relative'])
    assert.match(problems({ ...right, listen: wrong }), /listen/, wrong);
});

test('secrets of the environment win', () => {
  const env = {
    PANEL_2FA_DATABASE: 'mysql://a:b@c/d',
    PANEL_2FA_REDIS: 'redis://:e@f',
    PANEL_2FA_PANEL_DATABASE: 'mysql://g:h@i/j',
  };
  const { plugin, panel } = checkConfig(right, plainPanels, env);
  assert.equal(plugin.database, env.PANEL_2FA_DATABASE);
  assert.equal(plugin.redis, env.PANEL_2FA_REDIS);
  assert.equal(panel.database, env.PANEL_2FA_PANEL_DATABASE);
});

for (const [publicUrl, reason] of [
  ['https://panel.example.com:99999', /^ {2}publicUrl: is no address: .*port/],
  ['https://panel example.com', /^ {2}publicUrl: is no address: .*host/],
  ['https://[::1', /^ {2}publicUrl: is no address/],
] as const) {
  test(`publicUrl ${publicUrl} is refused with its reason`, () => {
    assert.match(problems({ ...right, publicUrl }), reason);
  });
}

test('a configuration may have a byte order mark, comments and trailing commas', () => {
  const file = join(tempFolder(), 'config.json');
  const [first, ...rest] = JSON.stringify(right, undefined, 2).split('\n');
  const text = [first, '  // what operators write down', ...rest]
    .join('\r\n')
    .replace(/}\s*$/, ', /* end */ }');
  writeFileSync(file, `\ufeff${text}`);
  assert.deepEqual(loadConfig(file, plainPanels, {}), checkConfig(right, plainPanels));
});

test('a file that cannot be read and one that is no JSON get one clear line', () => {
  const folder = tempFolder();
  const file = join(folder, 'config.json');
  assert.throws(
    () => loadConfig(file, plainPanels, {}),
    /^ConfigError: .*config\.json cannot be read: ENOENT$/,
  );
  writeFileSync(file, '{ "redis": "redis://:secret@host" "x" }');
  assert.throws(
    () => loadConfig(file, plainPanels, {}),
    /^ConfigError: .*config\.json:1:35: a comma is missing before this$/,
  );
  writeFileSync(file, JSON.stringify({ ...right, extra: true }));
  assert.throws(() => loadConfig(file, plainPanels, {}), /config\.json:\n {2}extra: is not known$/);
});
