import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import { phoneOf, recoveryCodesIn } from '../support/client-journey.js';
import { bytesOf } from '../support/data-files.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2, type Person } from '../support/demo-people.js';
import type { Phone } from '../support/phone.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { everything } from '../support/redis-dump.js';
import { findsOf, recoverySpellings, secretSpellings, textSpellings } from '../support/spellings.js';
import { type Answer, WatchedMember } from '../support/watched-member.js';

/** Signs that each spelling writes in another way. */
const PASSWORDS = { client1: `Pä ss+w'ör"d/&=<%>1`, admin: 'Ädmin +&"secret"=2', wrong: 'wröng & "Pass"=3' };
const WRONG_CODE = '738215';

type Kind = 'secret' | 'code' | 'recovery code' | 'password';

describe('attack: nothing secret leaks on a full journey through the demo with Redis', () => {
  const answers: Answer[] = [];
  const secrets: { readonly kind: Kind; readonly name: string; readonly spellings: string[] }[] = [];
  /** What lay in Redis, and in the files of the databases, at several moments. */
  const dumps: string[] = [];
  const files: string[] = [];
  let phase = 'begin';
  let redis: RedisServer;
  let demo: Demo;
  let commands = '';
  let monitor: Redis;

  const member = (person: Person) => new WatchedMember(demo.url, person, answers, () => phase);
  const keep = (kind: Kind, name: string, spellings: string[]) =>
    void secrets.push({ kind, name, spellings });
  const keepCode = (code: string) => {
    keep('code', code, [code]);
    return code;
  };
  const keepKey = (phone: Phone, name: string) => keep('secret', name, secretSpellings(phone.key));
  const keepRecovery = (codes: readonly string[], set: string) => {
    assert.equal(codes.length, 10);
    for (const [i, code] of codes.entries()) keep('recovery code', `${set} ${i}`, recoverySpellings(code));
  };
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
    for (const [name, password] of Object.entries(PASSWORDS)) keep('password', name, textSpellings(password));
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
    keepKey(phone, 'first key');
    await snapshot();
    const register = (password: string, code: string) =>
      owner.send('/2fa/settings', '/2fa/settings/register', { password, code });
    assert.equal((await register(PASSWORDS.wrong, keepCode(await phone.next()))).status, 422);
    assert.equal((await register(client.password, keepCode(WRONG_CODE))).status, 422);
    const registered = await register(client.password, keepCode(await phone.next()));
    const first = recoveryCodesIn(registered);
    keepRecovery(first, 'first set');
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
      if (/^\d{6}$/.test(code)) keepCode(code);
      assert.equal((await again.enterCode(code)).location, '/');
    }
    await owner.get('/2fa/settings');

    phase = 'renew';
    const prove = async (to: string, code: string, password = client.password) =>
      owner.send('/2fa/settings', `/2fa/settings/${to}`, { password, code });
    assert.equal((await prove('recovery-codes', WRONG_CODE)).status, 422);
    const renewed = await prove('recovery-codes', keepCode(await phone.next()));
    keepRecovery(recoveryCodesIn(renewed), 'second set');

    phase = 'move';
    assert.equal((await prove('move', WRONG_CODE, PASSWORDS.wrong)).status, 422);
    const moved = await owner.follow(await prove('move', keepCode(await phone.next())));
    const second = phoneOf(moved);
    assert.notEqual(second.key, phone.key);
    keepKey(second, 'second key');
    await snapshot();
    keepRecovery(recoveryCodesIn(await register('', keepCode(await second.next()))), 'third set');
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
    keepKey(third.phone, 'third key');
    keepRecovery(third.recoveryCodes, 'fourth set');
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

  function findings(text: string): string[] {
    return secrets.flatMap(({ kind, name, spellings }) =>
      findsOf(text, spellings).map((found) => `${kind} ${name} as ${JSON.stringify(found)}`),
    );
  }

  it('has everything to look for', () => {
    const count = (kind: Kind) => secrets.filter((secret) => secret.kind === kind).length;
    assert.deepEqual([count('secret'), count('recovery code'), count('password')], [3, 40, 3]);
    assert.ok(count('code') >= 7);
    for (const { spellings } of secrets) assert.ok(spellings.every((spelling) => spelling.length >= 6));
  });

  it('finds each spelling where it is put (control)', () => {
    for (const { name, spellings } of secrets)
      for (const spelling of spellings)
        assert.notDeepEqual(findings(`x\n"${spelling}"\n`), [], `${name}: ${spelling}`);
    const inside = Buffer.from(`{"some":"json","password":"${PASSWORDS.admin}","more":1}`);
    for (let shift = 0; shift < 3; shift += 1)
      for (const encoding of ['base64', 'base64url'] as const)
        assert.notDeepEqual(findings(inside.subarray(shift).toString(encoding)), [], `${encoding} ${shift}`);
  });

  it('the answers have keys and recovery codes where they are shown, and nowhere else', () => {
    const where = (wanted: Kind) =>
      new Set(
        answers.flatMap(({ phase: at, path, text }) =>
          secrets
            .filter(({ kind, spellings }) => kind === wanted && findsOf(text, spellings).length > 0)
            .map(() => `${at} ${path}`),
        ),
      );
    assert.deepEqual([...where('recovery code')].sort(), [
      'disable /2fa/settings/register',
      'enrol /2fa/settings/register',
      'move /2fa/settings/register',
      'renew /2fa/settings/recovery-codes',
    ]);
    const keys = where('secret');
    for (const at of ['enrol', 'move', 'disable']) {
      assert.ok(
        [...keys].some((place) => place.startsWith(`${at} `)),
        `${at}: ${[...keys]}`,
      );
    }
    assert.deepEqual(
      [...keys].filter(
        (place) =>
          !/^(?:enrol|move|disable|save|step-up) \/(?:2fa\/settings|tools\/user_settings)/.test(place),
      ),
      [],
    );
    assert.deepEqual([...where('code')], []);
    assert.deepEqual([...where('password')], []);
  });

  it('an active factor never shows its key again', () => {
    const first = secrets.find(({ name }) => name === 'first key');
    const late = answers.filter(({ phase: at }) => ['login', 'renew', 'move', 'step-up', 'off'].includes(at));
    assert.ok(late.length > 30);
    for (const { path, text } of late) assert.deepEqual(findsOf(text, first?.spellings ?? []), [], path);
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
    assert.deepEqual(findings(demo.output), []);
  });

  it('the files of the databases have none, the write-ahead log included', () => {
    assert.ok(files.length > 5);
    for (const text of files) {
      assert.match(text, /twofa_user_secret/);
      assert.match(text, /enrolment\.begun/);
      assert.match(text, /client1/);
    }
    assert.notEqual(bytesOf(demo.data, 'key'), '');
    assert.deepEqual([...new Set(files.flatMap((text) => findings(text)))], [], join(demo.data));
  });

  it('Redis never held one, nor was it ever sent one', () => {
    assert.ok(dumps.some((text) => /enrol/i.test(text)));
    assert.ok(dumps.some((text) => /pending|login/i.test(text)));
    assert.ok(commands.split('\n').length > 100, 'every command that Redis got');
    assert.match(commands, /enrol/i);
    assert.deepEqual([...new Set([...dumps, commands].flatMap((text) => findings(text)))], []);
  });
});
