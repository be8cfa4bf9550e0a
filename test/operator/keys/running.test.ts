import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readKeyFile } from '../../../src/storage/key-file.js';
import { alertIn, Member, phoneOf, recoveryCodesIn } from '../../support/client-journey.js';
import { Demo } from '../../support/demo.js';
import { client1, client2, mbox, reseller1 } from '../../support/demo-people.js';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';

async function keys(demo: Demo, ...args: string[]): Promise<string> {
  const all = [inProject('dist/cli.js'), 'keys', ...args, '--data', demo.data];
  const { code, output } = await runProcess(process.execPath, all);
  assert.equal(code, 0, output);
  return output;
}

/** By then the running demo has looked at its key file. */
const noticed = () => new Promise((resolve) => setTimeout(resolve, 2_500));
const keyIds = (demo: Demo) => [...readKeyFile(join(demo.data, 'key')).keys.keys()];
const clearedBy = (member: Member) => member.cookies.get('panel-2fa')?.slice(0, 8);
const isInside = async (member: Member) => (await member.get('/tools/user_settings')).status === 200;

async function enrolled(demo: Demo, person: typeof client1) {
  const member = new Member(demo.url, person);
  await member.logIn();
  return { member, ...(await member.enrol()) };
}

async function begun(demo: Demo, person: typeof client1) {
  const member = new Member(demo.url, person);
  await member.logIn();
  const page = await member.begin();
  return { member, page, phone: phoneOf(page) };
}

test('the key is rotated while people log in and set 2FA up, without a restart', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const [old] = keyIds(demo);
  const { member, recoveryCodes } = await enrolled(demo, client1);
  const settingUp = await begun(demo, client2);
  const later = await begun(demo, mbox);
  assert.equal(clearedBy(member), old);

  let done = false;
  const rotating = keys(demo, 'rotate').finally(() => {
    done = true;
  });
  let logins = 0;
  while (!done) {
    const again = member.again();
    await again.logIn();
    const code = logins < 8 ? recoveryCodes[logins] : undefined;
    if (code) {
      assert.equal((await again.enterCode(code)).status, 303);
      assert.ok(await isInside(again));
      logins += 1;
    }
    assert.ok(await isInside(member));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.match(await rotating, /The old key \w{8} is kept until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  assert.ok(logins > 1, `${logins} logins`);
  const [, active] = keyIds(demo);
  const list = await keys(demo, 'list');
  assert.match(list, new RegExp(`${old} .* 0 +old, kept until`));
  assert.match(list, new RegExp(`${active} .* 1 +active`));

  const fresh = member.again();
  await fresh.logIn();
  assert.equal((await fresh.enterCode(recoveryCodes[8] ?? '')).status, 303);
  assert.equal(clearedBy(fresh), active);
  assert.ok(await isInside(member), 'a clearance by the old key goes on');
  const { password } = client2;
  const proof = { password, code: await settingUp.phone.next() };
  const registered = await settingUp.member.submit(settingUp.page, proof, 'twofa-setup');
  assert.equal(recoveryCodesIn(registered).length, 10, 'key and form are of the old key');
  assert.equal((await settingUp.member.submit(registered, { twofa_mode: '2fa' }, 'twofa-save')).status, 303);

  assert.match(await keys(demo, 'rotate', '--now'), /The old key \w{8} was dropped.*is complete/s);
  assert.deepEqual(keyIds(demo), [active]);
  await noticed();
  assert.ok(await isInside(fresh), 'a clearance by the new key goes on');
  assert.equal(await isInside(member), false, 'one by the dropped key is over');
  assert.equal(await isInside(new Member(demo.url, client1)), false);

  const page = await later.member.get('/mailuser/password');
  assert.equal(page.status, 200, 'a set-up of the dropped key does not close the page');
  assert.doesNotMatch(page.body, /data-twofa-copy/);
  const { phone } = await later.member.enrol();
  assert.ok(phone.key !== later.phone.key);
  assert.doesNotMatch(demo.output, /rror|fail/);
});

test('a form of a set-up whose key was dropped says that it has to begin again', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const { member, page, phone } = await begun(demo, reseller1);
  await keys(demo, 'rotate', '--now');
  await noticed();
  const { twofa_csrf = '' } = await member.setupFields();
  const fields = { twofa_csrf, password: reseller1.password, code: await phone.next() };
  const refused = await member.post('/2fa/settings/register', fields);
  assert.equal(refused.status, 422);
  assert.match(alertIn(refused), /again|anew|expired|over/i);
  assert.equal(page.status, 200);
});

test('keys list and keys rotate never show a key', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  const before = readKeyFile(join(demo.data, 'key')).keys;
  const output = [
    await keys(demo, 'list'),
    await keys(demo, 'rotate', '--prepare'),
    await keys(demo, 'list'),
  ];
  for (const key of [...before.values(), ...readKeyFile(join(demo.data, 'key')).keys.values()]) {
    for (const spelling of ['base64', 'base64url', 'hex'] as const) {
      assert.ok(!output.join().includes(key.toString(spelling).slice(0, 8)));
    }
  }
  assert.match(output[2] ?? '', /added, not used yet/);
});

test('what is missing ends with one line and creates nothing', async () => {
  for (const [args, line] of [
    [['rotate'], /^\/etc\/panel-2fa\/gateway\.json cannot be read: ENOENT\n$/],
    [['list', '--data', '/none', '--config', '/none.json'], /^Say one installation: /],
    [['list', '--data', '/none'], /^The key file \/none\/key is missing\n$/],
    [['rotate', '--data', '/none'], /^The key file \/none\/key is missing\n$/],
    [['rotate', '--now', '--prepare'], /^Option '--prepare' cannot be used with option '--now'\n$/],
    [['turn'], /^Unknown command 'turn'\n$/],
  ] as const) {
    const { code, output } = await runProcess(process.execPath, [inProject('dist/cli.js'), 'keys', ...args]);
    assert.equal(code, 1);
    assert.match(output, line);
  }
});
