import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';
import { freePort } from '../support/free-port.js';
import { packageWith } from '../support/package-copy.js';
import { runProcess } from '../support/process.js';
import { tempFolder } from '../support/temp-folder.js';

test('the demo panel mounts the plugin where its manifest says', async (t) => {
  const folder = packageWith((manifest) => ({ ...manifest, mount: '/second-factor' }));
  const demo = await Demo.start({ cli: join(folder, 'dist/cli.js') });
  t.after(() => demo.stop());
  const member = new Member(demo.url, client1);
  assert.equal((await member.get('/second-factor/health')).status, 200);
  const before = await member.get('/2fa/health');
  assert.match(before.location ?? '', /^\/login/, 'a page like any other now');
  await member.logIn();
  assert.match((await member.get('/tools/user_settings')).body, /action="\/second-factor\/settings\//);
});

const broken: [string, (manifest: Record<string, unknown>) => Record<string, unknown>, RegExp][] = [
  ['a missing entry', (manifest) => ({ ...manifest, entry: 'dist/nothing.js' }), /nothing\.js/],
  ['another Node', (manifest) => ({ ...manifest, engines: { node: '>=99' } }), /needs Node >=99/],
  ['an unknown slot', (manifest) => ({ ...manifest, slots: ['settings', 'sidebar'] }), /slots.*sidebar/],
  [
    'a place in the order that the panel does not have',
    (manifest) => ({ ...manifest, order: { after: ['cache'], before: ['routes'] } }),
    /"cache"/,
  ],
  [
    'an impossible order',
    (manifest) => ({ ...manifest, order: { after: ['routes'], before: ['session'] } }),
    /cannot come after/,
  ],
  ['a route too few', (manifest) => ({ ...manifest, routes: [] }), /no route for/],
  ['a key nobody reads', (manifest) => ({ ...manifest, author: 'somebody' }), /author/],
  ['no folder of templates', (manifest) => ({ ...manifest, templates: 'nothing' }), /nothing/],
  ['no migrations', (manifest) => ({ ...manifest, migrations: [] }), /twofa_user_secret/],
  ['no entities', (manifest) => ({ ...manifest, entities: [] }), /UserSecret/],
];

for (const [what, change, expected] of broken) {
  test(`a plugin with ${what} stops the panel`, async () => {
    const folder = packageWith(change);
    const cli = join(folder, 'dist/cli.js');
    const args = ['demo', '--data', tempFolder(), '--port', String(await freePort())];
    const { code, output } = await runProcess(process.execPath, [cli, ...args], {
      env: { REDIS_URL: undefined },
    });
    assert.equal(code, 1, output);
    assert.match(output, expected);
  });
}
