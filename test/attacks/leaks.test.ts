import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import { phoneOf, recoveryCodesIn } from '../support/client-journey.js';
import { bytesOf } from '../support/data-files.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2, type Person } from '../support/demo-people.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { everything } from '../support/redis-dump.js';
import { findsOf } from '../support/spellings.js';
import { type Answer, WatchedMember } from '../support/watched-member.js';
import { Secrets } from './secrets.js';

/** Signs that each spelling writes in another way. */
const PASSWORDS = { client1: `Pä ss+w'ör"d/&=<%>1`, admin: 'Ädmin +&"secret"=2', wrong: 'wröng & "Pass"=3' };
const WRONG_CODE = '738215';

describe('A39 demo: nothing secret leaks on a full journey through the demo with Redis', () => {
  const answers: Answer[] = [];
  const secrets = new Secrets();
  /** What lay in Redis, and in the files of the databases, at several moments. */
  const dumps: string[] = [];
  const files: string[] = [];
  let phase = 'begin';
  let redis: RedisServer;
  let demo: Demo;
  let commands = '';
  let monitor: Redis;

  const member = (person: Person) => new WatchedMember(demo.url, person, answers, () => phase);
  const snapshot = async () => {
    dumps.push((await everything(redis.url)).text);
    files.push(bytesOf(demo.data, ''));
  };

  before(async () => {
    redis = await startRedis();
    demo = await Demo.start({ args: ['--redis', redis.url] });
    const watching = new Redis(redis.url);
    monitor = await watching.monitor();
    watching.disconnect();
    monitor.on('monitor', (_time: string, args: string[]) => {
      commands += `${args.join(' ')}\n`;
    });
    for (const [name, password] of Object.entries(PASSWORDS)) secrets.password(name, password);
    await journey();
    await snapshot();
    await demo.stop();
    files.push(bytesOf(demo.data, ''));
  });
  after(async () => {
    monitor.disconnect();
    await redis.stop();
  });

  async function changePassword(person: Person, password: string): Promise<Person> {
    const owner = member(person);
    await owner.logIn();
    const page = '/tools/user_settings';
    const changed = await owner.send(page, page, { password, repeat: password, language: 'en' });
    assert.equal(changed.status, 303);
    return { ...person, password };
  }

  async function journey(): Promise<void> {
    const client = await changePassword(client1, PASSWORDS.client1);
    const boss = await changePassword(admin, PASSWORDS.admin);
    const stranger = member({ ...client, password: PASSWORDS.wrong });
    assert.equal((await stranger.logIn()).status, 422);

    phase = 'enrol';
    const owner = member(client);
    await owner.logIn();
    const page = await owner.begin();
    const phone = phoneOf(page);
    secrets.key('first key', phone.key);
    await snapshot();
    const register = (password: string, code: string) =>
      owner.send('/2fa/settings', '/2fa/settings/register', { password, code });
    const typed = secrets.code(await phone.next());
    assert.equal((await register(PASSWORDS.wrong, typed)).status, 422);
    assert.equal((await register(client.password, secrets.code(WRONG_CODE))).status, 422);
    const registered = await register(client.password, typed);
    const first = recoveryCodesIn(registered);
    secrets.recoveryCodes('first set', first);
    await snapshot();
    phase = 'save';
    const saved = await owner.send('/tools/user_settings', '/tools/user_settings', {
      twofa_mode: '2fa',
      language: 'en',
    });
    assert.equal(saved.status, 303);
    phase = 'login';
    for (const code of [
      await phone.next(),
      (first[0] ?? '').replaceAll('-', '').toLowerCase(),
      first[1] ?? '',
    ]) {
      const again = owner.again();
      assert.equal((await again.logIn()).path, '/2fa/login');
      await snapshot();
      assert.equal((await again.enterCode(WRONG_CODE)).status, 422);
      assert.equal((await again.enterCode(first[0] === code ? code : 'abcd-efgh-jkmn-pqrs')).status, 422);
      if (/^\d{6}$/.test(code)) secrets.code(code);
      assert.equal((await again.enterCode(code)).location, '/');
    }
    await owner.get('/2fa/settings');

    phase = 'renew';
    const prove = async (to: string, code: string, password = client.password) =>
      owner.send('/2fa/settings', `/2fa/settings/${to}`, { password, code });
    assert.equal((await prove('recovery-codes', WRONG_CODE)).status, 422);
    const renewed = recoveryCodesIn(await prove('recovery-codes', first[2] ?? ''));
    secrets.recoveryCodes('second set', renewed);

    phase = 'move';
    assert.equal((await prove('move', WRONG_CODE, PASSWORDS.wrong)).status, 422);
    const moved = await owner.follow(await prove('move', renewed[0] ?? ''));
    const second = phoneOf(moved);
    assert.notEqual(second.key, phone.key);
    secrets.key('second key', second.key);
    await snapshot();
    secrets.recoveryCodes(
      'third set',
      recoveryCodesIn(await register('', secrets.code(await second.next()))),
    );
    phase = 'step-up';
    assert.equal(
      (await owner.send('/2fa/settings', '/2fa/settings/save', { twofa_mode: '2fa' })).status,
      303,
    );
    const operator = member(boss);
    await operator.logIn();
    const account = '/2fa/accounts/user/3';
    const untick = (password: string) => operator.send(account, account, { twofa_password: password });
    assert.equal((await untick(PASSWORDS.wrong)).status, 422);
    await snapshot();
    assert.equal((await untick(boss.password)).status, 303);

    phase = 'disable';
    const other = member(client2);
    await other.logIn();
    const third = await other.enrol();
    secrets.key('third key', third.phone.key);
    secrets.recoveryCodes('fourth set', third.recoveryCodes);
    phase = 'off';
    const off = (twofa_password: string, twofa_confirm = twofa_password) =>
      other.send('/tools/user_settings', '/tools/user_settings', {
        twofa_mode: 'none',
        language: 'en',
        twofa_password,
        twofa_confirm,
      });
    assert.equal((await off(PASSWORDS.wrong)).status, 422);
    assert.equal((await off(client2.password, PASSWORDS.wrong)).status, 422);
    assert.equal((await off(client2.password)).status, 303);
    await other.get('/2fa/settings');
  }

  it('has everything to look for', () => {
    const counts = (['secret', 'recovery code', 'password'] as const).map((kind) => secrets.count(kind));
    assert.deepEqual(counts, [3, 40, 3]);
    assert.equal(secrets.count('code'), 4);
  });

  it('finds each spelling where it is put (control)', () => {
    secrets.assertFound();
    const inside = Buffer.from(`{"some":"json","password":"${PASSWORDS.admin}","more":1}`);
    for (let shift = 0; shift < 3; shift += 1)
      for (const encoding of ['base64', 'base64url'] as const)
        assert.notDeepEqual(
          secrets.findings(inside.subarray(shift).toString(encoding)),
          [],
          `${encoding} ${shift}`,
        );
  });

  it('the answers have keys and recovery codes where they are shown, and nowhere else', () => {
    const keyPlaces = /^(?:enrol|move|disable|save|step-up) \/(?:2fa\/settings|tools\/user_settings)/;
    secrets.assertShownOnce(answers, keyPlaces);
  });

  it('an active factor never shows its key again', () => {
    const first = secrets.spellingsOf('first key');
    const late = answers.filter(({ phase: at }) => ['login', 'renew', 'move', 'step-up', 'off'].includes(at));
    assert.ok(late.length > 30);
    for (const { path, text } of late) assert.deepEqual(findsOf(text, first), [], path);
  });

  it('what the process prints has none, and does have the events (control)', () => {
    assert.match(demo.output, new RegExp(client2.password), 'the list of demo accounts');
    for (const event of [
      'login.refused',
      'login.recovery-code',
      'step-up.refused',
      'factor.disabled-by-admin',
      'factor.disabled',
      'factor.replaced',
      'audit.head',
    ])
      assert.ok(demo.output.includes(`panel-2fa: ${event} `), event);
    assert.deepEqual(secrets.findings(demo.output), []);
  });

  it('the files of the databases have none, the write-ahead log included', () => {
    assert.ok(files.length > 5);
    for (const text of files) {
      assert.match(text, /twofa_user_secret/);
      assert.match(text, /enrolment\.begun/);
      assert.match(text, /client1/);
    }
    assert.notEqual(bytesOf(demo.data, 'key'), '');
    assert.deepEqual([...new Set(files.flatMap((text) => secrets.findings(text)))], [], join(demo.data));
  });

  it('Redis never held one, nor was it ever sent one', () => {
    assert.ok(dumps.some((text) => /enrol/i.test(text)));
    assert.ok(dumps.some((text) => /pending|login/i.test(text)));
    assert.ok(commands.split('\n').length > 100, 'every command that Redis got');
    assert.match(commands, /enrol/i);
    assert.deepEqual([...new Set([...dumps, commands].flatMap((text) => secrets.findings(text)))], []);
  });
});
