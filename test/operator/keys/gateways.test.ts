import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readKeyFile } from '../../../src/storage/key-file.js';
import { newKeyRingText } from '../../../src/storage/key-file-format.js';
import { Person } from '../../gateway/ispconfig/person.js';
import { behindGateway } from '../../gateway/ispconfig/setup.js';
import { standIn } from '../../stand-in/stand-in.js';
import { Gateway } from '../../support/gateway.js';
import { accounts, type PanelAccount } from '../../support/ispconfig/accounts.js';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';
import { startRedis } from '../../support/redis.js';
import { tempFolder } from '../../support/temp-folder.js';

/** As many as the recovery codes of an account allow, with some left for later. */
const LOGINS = 6;

const redis = await startRedis();
after(() => redis.stop());
const { server } = await standIn();
await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
const keyFile = join(tempFolder(), 'key');
const config = { redis: redis.url, database: server.url('p', 'p', 'f'), keyFile };
const { gateway: one, panel, database } = await behindGateway({ config });
const two = await Gateway.start({ upstream: panel.url, panelDatabase: database.readOnlyUrl, config });
after(() => two.stop());

async function cli(...args: string[]): Promise<string> {
  const all = [inProject('dist/cli.js'), ...args, '--config', one.configFile];
  const { code, output } = await runProcess(process.execPath, all);
  assert.equal(code, 0, output);
  return output;
}

async function enrolled(gateway: Gateway, account: PanelAccount) {
  const inside = new Person(gateway.url, account);
  return { gateway, inside, factor: await inside.enrol() };
}

const isInside = async (person: Person) => (await person.nameInShell()) === person.account.name;

test('two gateways on one Redis and one database: the key is rotated while people log in at both', async () => {
  const [old = ''] = readKeyFile(keyFile).keys.keys();
  const both = [await enrolled(one, accounts.client1), await enrolled(two, accounts.client3)];
  const settingUp = new Person(two.url, accounts.client2);
  await settingUp.logIn();
  const setUp = await settingUp.begin();

  let rotating = true;
  const rotated = cli('keys', 'rotate').finally(() => {
    rotating = false;
  });
  const logins = await Promise.all(
    both.map(async ({ gateway, inside, factor }) => {
      let count = 0;
      while (rotating) {
        if (count < LOGINS) {
          const somebody = new Person(gateway.url, inside.account);
          assert.ok(await isInside(await somebody.enter(factor)));
          count += 1;
        }
        assert.ok(await isInside(inside));
        await delay(500);
      }
      return count;
    }),
  );
  assert.match(await rotated, /The old key \w{8} is kept until/);
  for (const count of logins) assert.ok(count > 1, `${count} logins`);
  const { active } = readKeyFile(keyFile);
  assert.notEqual(active, old);

  const fresh = await Promise.all(
    both.map(({ gateway, inside, factor }) => new Person(gateway.url, inside.account).enter(factor)),
  );
  for (const person of [...fresh, ...both.map(({ inside }) => inside)]) assert.ok(await isInside(person));
  await settingUp.setUp(setUp);
  assert.ok(await isInside(settingUp), 'a set-up that was begun with the old key goes on');

  assert.match(await cli('keys', 'rotate', '--now'), /The old key \w{8} was dropped.*is complete/s);
  for (const { inside } of both) {
    while (await isInside(inside)) await delay(100);
    assert.equal((await inside.get('/index.php')).location, '/2fa/login', 'one by the dropped key is over');
  }
  for (const person of [...fresh, settingUp]) assert.ok(await isInside(person));

  assert.match(await cli('audit', 'verify'), /The audit log is intact/);
  const events = (await cli('audit', 'list')).match(/ keys\.[a-z-]+ .*/g) ?? [];
  const about = (action: string, reason: string) => ` ${action} from unknown for user:0 "": ${reason}`;
  assert.deepEqual(events, [
    about('keys.rotation-begun', old),
    about('keys.added', active),
    about('keys.activated', active),
    about('keys.rotation-ended', 'kept'),
    about('keys.rotation-begun', active),
    about('keys.dropped', old),
    about('keys.rotation-ended', 'done'),
  ]);
});

test('A37 a gateway with a wrong key file says so, closes accounts with 2FA, and nobody else', async () => {
  const right = readFileSync(keyFile);
  const { active: lost } = readKeyFile(keyFile);
  const replace = (content: string | Buffer) => {
    chmodSync(keyFile, 0o600);
    writeFileSync(keyFile, content);
    chmodSync(keyFile, 0o400);
  };
  replace(newKeyRingText());
  await one.restart();
  await one.said(new RegExp(`3 accounts are closed: the key file does not have .*: ${lost} \\(3\\)`));
  const closed = await new Person(one.url, accounts.client1).wait();
  const page = await closed.giveCode('ABCD-EFGH-JKMN-PQRS');
  assert.equal(page.status, 503);
  assert.match(page.body, /key of this account(?:'|&#39;)s secret is missing or wrong/);
  assert.equal((await closed.get('/index.php')).location, '/2fa/login');
  const other = new Person(one.url, accounts.admin);
  await other.logIn();
  assert.ok(await isInside(other));
  replace(right);
  await one.restart();
  assert.doesNotMatch(one.output, /closed/);
});
