import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startDemo } from '../../src/demo/start.js';
import { Member, seenIn } from '../support/client-journey.js';
import { client1 } from '../support/demo-people.js';
import { freePort } from '../support/free-port.js';
import { tempFolder } from '../support/temp-folder.js';

/** The files this process has open, as Linux tells them. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

/** A demo panel in this process: its command line has no option for templates. */
async function withTemplates(t: TestContext, files: Readonly<Record<string, string>>): Promise<Member> {
  const templates = tempFolder();
  for (const folder of ['messages', 'assets']) mkdirSync(join(templates, folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(templates, name), text);
  const plugin = { issuer: 'Demo panel', contact: 'Ask <Eve> at +43 1 2345', templates };
  const demo = await startDemo({ port: await freePort(), data: tempFolder(), plugin });
  t.after(() => demo.close());
  return new Member(demo.url, client1);
}

test('a folder of the operator replaces a template, a text and a style sheet, and leaves the rest', async (t) => {
  const member = await withTemplates(t, {
    'error.eta': '<!doctype html><title>Ours</title><p role="alert">Ours: <%= it.t(it.text) %></p>',
    'messages/en.json': '{ "slot.cloud-advice": "Take <b>our</b> app." }',
    'messages/fr.json': '{ "challenge.submit": "Se connecter" }',
    'assets/panel-2fa.css': '/* ours */',
  });
  assert.equal((await member.get('/2fa/assets/panel-2fa.css')).body, '/* ours */');
  assert.match((await member.get('/2fa/assets/panel-2fa.js')).body, /twofa/);
  const error = await member.get('/2fa/nothing');
  assert.equal(error.status, 404);
  assert.match(error.body, /<title>Ours<\/title>.*Ours: There is no such page/);

  await member.logIn();
  const setup = await member.begin();
  assert.match(setup.body, /Take &lt;b&gt;our&lt;\/b&gt; app\./, 'a text is no markup');
  assert.match(seenIn(setup), /Scan this QR code/, 'texts that the folder does not have');
  await member.enrol();
  const waiting = member.again();
  const page = await waiting.logIn();
  assert.match(page.body, /Ask &lt;Eve&gt; at \+43 1 2345/, 'the contact of the settings');
  assert.match(seenIn(page), /Log in/);
});

test('a folder of templates that is not there stops the panel, and nothing stays open', async () => {
  const templates = join(tempFolder(), 'nothing');
  const data = tempFolder();
  const plugin = { issuer: 'Demo panel', templates };
  await assert.rejects(startDemo({ port: await freePort(), data, plugin }), /nothing/);
  assert.deepEqual(
    openFiles().filter((path) => path.startsWith(data)),
    [],
  );
});
