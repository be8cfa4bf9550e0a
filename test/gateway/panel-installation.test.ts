import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';

/** docs/ispconfig-installation.md: what the panel's web server listens at, whichever it is. */
const PANEL = 8080;
const TAKEN = [80, 443, PANEL, 8081];
const FILLED_IN = ['vhost_port', 'ssl_on', 'ssl_comment', 'fastcgi_ssl', 'fpm_socket'];

const template = readFileSync(inProject('deploy/nginx/nginx_ispconfig.vhost.master'), 'utf8');
const apache = readFileSync(inProject('deploy/apache/panel-2fa.conf'), 'utf8');
const guide = readFileSync(inProject('deploy/README.md'), 'utf8');
/** Where the panel goes on Apache, as the guide's `upstream` says. */
const moved = Number(/"upstream": "https:\/\/127\.0\.0\.1:(\d+)"/.exec(guide)?.[1]);

test('the panel moves to a port that its installer does not take, and all of deploy/ names this one', () => {
  assert.ok(moved > 0 && !TAKEN.includes(moved), String(moved));
  assert.deepEqual(new Set(guide.match(/dport \d+/g)), new Set([`dport ${moved}`]));
  assert.match(apache, new RegExp(`moved to port ${moved}`));
  assert.deepEqual(apache.match(/^Listen \d+$/gm), [`Listen ${PANEL}`]);
});

test('the nginx template has the parts that the installer fills in, and no others', () => {
  const parts = [...template.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(parts)].sort(), [...FILLED_IN].sort());
});

const serverless = (text: string, folder: string) =>
  text
    .replaceAll('/usr/local/ispconfig/interface/ssl/ispserver', join(folder, 'tls'))
    .replaceAll('/run/ispconfig/', `${folder}/`);

for (const [name, ssl, comment] of [
  ['TLS', 'ssl http2', ''],
  ['plain http', '', '#'],
] as const) {
  test(`nginx takes the template beside the panel's apps vhost, with ${name}`, async () => {
    const folder = tempFolder();
    selfSigned(folder, 'tls');
    const values = [
      String(PANEL),
      ssl,
      comment,
      comment ? 'off' : 'on',
      '/var/lib/php8.2-fpm/ispconfig.sock',
    ];
    const ours = FILLED_IN.reduce((text, part, i) => text.replaceAll(`{${part}}`, values[i] ?? ''), template);
    const apps = `server { listen 8081; listen [::]:8081 ipv6only=on; server_name _; root ${folder}; }`;
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `pid ${folder}/pid; error_log stderr; events {} http { ${apps}\n${serverless(ours, folder)}\n}`,
    );
    const { code, output } = await runProcess('nginx', ['-t', '-e', 'stderr', '-c', file]);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /conflicting server name/);
  });
}

/** Debian's modules that deploy/README.md enables, and those that carry them. */
const MODULES = [
  'mpm_event',
  'authz_core',
  'socache_shmcb',
  'remoteip',
  'proxy',
  'proxy_http',
  'ssl',
  'headers',
];

async function apacheTakes(panelPort: number) {
  const folder = tempFolder();
  selfSigned(folder, 'tls');
  mkdirSync(join(folder, 'web'));
  const vhost = (port: number) =>
    `Listen ${port}\n<VirtualHost _default_:${port}>\nDocumentRoot ${folder}/web\n</VirtualHost>`;
  const lines = [
    `ServerRoot ${folder}\nServerName localhost\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log`,
    ...MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    // 000-ispconfig.vhost and 000-apps.vhost.
    vhost(panelPort),
    vhost(8081),
    serverless(apache, folder),
  ];
  const file = join(folder, 'apache2.conf');
  writeFileSync(file, lines.join('\n'));
  return runProcess('apache2', ['-t', '-f', file]);
}

test("Apache takes our file beside the panel's vhosts once the panel has moved, and on no taken port", async () => {
  const { code, output } = await apacheTakes(moved);
  assert.equal(code, 0, output);
  for (const port of [PANEL, 8081]) assert.notEqual((await apacheTakes(port)).code, 0, String(port));
});
