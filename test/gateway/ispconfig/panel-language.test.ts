import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';
import { behindGateway } from './setup.js';

const { database, person, gateway } = await behindGateway({
  standIn: { language: 'de' },
  config: { timeZone: 'Asia/Kathmandu' },
});
const { client1, mbox } = accounts;
const ENCODED = 'xn--mller-kva@xn--exmple-cua.test';

async function run(...args: string[]) {
  const cli = [inProject('dist/cli.js'), ...args, '--config', gateway.configFile];
  return runProcess(process.execPath, cli);
}

test("who has a language that we do not have reads the panel's own", async () => {
  await database.query("UPDATE sys_user SET language = 'ru' WHERE userid = ?", [client1.id]);
  const client = person(client1);
  await client.logIn();
  assert.match((await client.get('/2fa/settings')).body, /Zwei-Faktor-Authentifizierung/);
});

test('times are of the panel’s zone, and a mailbox is called as people write it', async () => {
  await database.query('UPDATE mail_user SET email = ?, login = ? WHERE mailuser_id = ?', [
    ENCODED,
    ENCODED,
    mbox.id,
  ]);
  const owner = person({ ...mbox, name: 'müller@exämple.test' });
  await owner.enrol();
  const settings = (await owner.get('/2fa/settings')).body;
  assert.match(settings, /GMT\+5:45/);
  assert.match(settings, /müller@exämple\.test/);
  const shown = await run('show', 'Müller@Exämple.TEST');
  assert.equal(shown.code, 0, shown.output);
  assert.match(shown.output, /müller@exämple\.test \(xn--mller-kva@xn--exmple-cua\.test\)/);
  assert.match(shown.output, /on since \d{4}-\d\d-\d\d \d\d:\d\d\+05:45/);
  const events = await run('audit', 'list', '--account', 'müller@exämple.test');
  assert.match(events.output, /\+05:45 factor\.\S+ .*xn--mller-kva/);
  assert.equal((await run('disable', '--mailuser', 'müller@exämple.test')).code, 0);
});
