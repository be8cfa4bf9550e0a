import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../support/free-port.js';
import { theForm } from '../support/html-forms.js';
import { code } from '../support/oathtool.js';
import { PanelClient } from '../support/panel-client.js';
import { TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

test('a foreign Koa panel mounts the plugin: on, out, and in with a code only', async () => {
  const port = await freePort();
  const args = [inProject('examples/koa-panel.mjs'), String(port), tempFolder()];
  const example = new TestProcess(process.execPath, args, { cwd: inProject() });
  await example.waitFor(/The example panel is at/);
  const alice = new PanelClient(`http://127.0.0.1:${port}`);
  const logIn = async () => {
    const page = await alice.get('/login');
    return alice.submit(page, { username: 'alice', password: 'alice-demo' });
  };

  assert.equal((await alice.get('/')).location, '/login');
  assert.match((await alice.follow(await logIn())).body, /Hello alice/);

  const begin = theForm((await alice.get('/2fa/settings')).body, 'twofa-setup');
  await alice.post('/2fa/settings/begin', begin.fields);
  const setUp = await alice.get('/2fa/settings');
  const key = /data-twofa-copy="([A-Z2-7]{32})"/.exec(setUp.body)?.[1] ?? '';
  const proof = { password: 'alice-demo', code: code(key, { at: Date.now() / 1000 - 30 }) };
  const registered = await alice.submit(setUp, proof, 'twofa-setup');
  assert.match(registered.body, /Recovery codes/);
  await alice.submit(registered, {}, 'twofa-save');
  assert.match((await alice.get('/')).body, /Hello alice/);

  await alice.submit(await alice.get('/'), {});
  const challenge = await alice.follow(await logIn());
  assert.equal(challenge.path, '/2fa/login');
  assert.doesNotMatch((await alice.follow(await alice.get('/'))).body, /Hello/);
  const cleared = await alice.follow(await alice.submit(challenge, { code: code(key) }));
  assert.match(cleared.body, /Hello alice/);
  assert.equal((await example.stop()).code, 0);
});
