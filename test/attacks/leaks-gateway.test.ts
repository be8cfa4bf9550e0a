import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { keyOn, Person } from '../gateway/ispconfig/person.js';
import { standIn } from '../stand-in/stand-in.js';
import { recoveryCodesIn } from '../support/client-journey.js';
import { Gateway } from '../support/gateway.js';
import { accounts, type PanelAccount } from '../support/ispconfig/accounts.js';
import { hashPassword } from '../support/ispconfig/passwords.js';
import { code } from '../support/oathtool.js';
import type { Reply } from '../support/panel-client.js';
import { startRedis } from '../support/redis.js';
import { everything } from '../support/redis-dump.js';
import { type Answer, answerOf } from '../support/watched-member.js';
import { pageOf, switchOff } from './own-pages.js';
import { Secrets } from './secrets.js';

/** Signs that each spelling writes in another way. */
const PASSWORDS = { client1: `Pä ss+w'ör"d/&=<%>1`, admin: 'Ädmin +&"secret"=2', wrong: 'wröng & "Pass"=3' };
const WRONG_CODE = '738215';
const UNKNOWN_RECOVERY_CODE = 'abcd-efgh-jkmn-pqrs';

const answers: Answer[] = [];
let phase = 'begin';

/** Somebody whose every answer is kept. */
class WatchedPerson extends Person {
  override async request(...args: Parameters<Person['request']>): Promise<Reply> {
    const reply = await super.request(...args);
    answers.push(answerOf(phase, reply));
    return reply;
  }
}

describe('A39 gateway: nothing secret leaks on a full journey through the gateway with MariaDB and Redis', async () => {
  const alive = setInterval(() => undefined, 1_000);
  const redis = await startRedis();
  const { panel, database, server } = await standIn({ trustRealIp: true });
  await server.execute("CREATE DATABASE f; CREATE USER p IDENTIFIED BY 'p'; GRANT ALL ON f.* TO p");
  await server.execute("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1");
  const gateway = await Gateway.start({
    upstream: panel.url,
    panelDatabase: database.readOnlyUrl,
    config: { database: server.url('p', 'p', 'f'), redis: redis.url, logLevel: 'debug' },
  });
  const secrets = new Secrets();
  /** What lay in Redis and in our tables at several moments, and all that either was ever told. */
  const dumps = { redis: [] as string[], tables: [] as string[], commands: '', statements: '' };
  const watching = new Redis(redis.url);
  const monitor = await watching.monitor();
  watching.disconnect();
  monitor.on('monitor', (_time: string, args: string[]) => {
    dumps.commands += `${args.join(' ')}\n`;
  });
  // Redis is killed in the end.
  monitor.on('error', () => undefined);
  after(async () => {
    monitor.disconnect();
    await gateway.stop();
    await redis.stop();
    clearInterval(alive);
  });

  const person = (account: PanelAccount) => new WatchedPerson(gateway.url, account);
  const kept = (account: PanelAccount, password: string) => {
    const somebody = person(account);
    somebody.password = password;
    return somebody;
  };

  async function snapshot(): Promise<void> {
    dumps.redis.push((await everything(redis.url)).text);
    for (const row of await server.execute(
      "SELECT table_name AS t FROM information_schema.tables WHERE table_schema = 'f'",
    ))
      dumps.tables.push(`${row.t} ${textOf(await server.execute(`SELECT * FROM f.${row.t}`))}`);
  }

  async function givePasswords(): Promise<void> {
    for (const [name, password] of Object.entries(PASSWORDS)) secrets.password(name, password);
    for (const name of ['client1', 'admin'] as const)
      await database.query('UPDATE sys_user SET passwort = ? WHERE userid = ?', [
        await hashPassword(PASSWORDS[name]),
        accounts[name].id,
      ]);
  }

  /** From the page with the key to Save, with all that can go wrong before; the new recovery codes. */
  async function register(owner: Person, page: Reply, set: string): Promise<string[]> {
    const key = keyOn(page);
    secrets.key(`key of ${set}`, key);
    await snapshot();
    const typed = secrets.code(code(key));
    const { password } = owner;
    assert.equal((await owner.act('register', { password, code: secrets.code(WRONG_CODE) })).status, 422);
    const registered = await owner.act('register', { password, code: typed });
    const codes = recoveryCodesIn(registered);
    secrets.recoveryCodes(set, codes);
    await snapshot();
    assert.equal((await owner.act('save', { twofa_mode: '2fa' })).status, 303);
    return codes;
  }

  async function journey(): Promise<void> {
    assert.equal((await kept(accounts.client1, PASSWORDS.wrong).logIn()).status, 200);
    phase = 'enrol';
    const owner = kept(accounts.client1, PASSWORDS.client1);
    await owner.logIn();
    const page = await owner.begin();
    const early = { password: PASSWORDS.wrong, code: secrets.code(code(keyOn(page))) };
    assert.equal((await owner.act('register', early)).status, 422);
    const first = await register(owner, page, 'first set');

    phase = 'login';
    const key = keyOn(page);
    const next = secrets.code(code(key, { at: Date.now() / 1000 + 30 }));
    for (const typed of [next, (first[0] ?? '').replaceAll('-', '').toLowerCase(), first[1] ?? '']) {
      const again = kept(accounts.client1, PASSWORDS.client1);
      await again.logIn();
      assert.equal((await again.get(`/2fa/login?code=${typed}`)).status, 200);
      await snapshot();
      for (const wrong of [WRONG_CODE, UNKNOWN_RECOVERY_CODE])
        assert.equal((await again.giveCode(wrong)).status, 422);
      assert.equal((await again.giveCode(typed)).location, '/index.php');
    }

    phase = 'renew';
    const { password } = owner;
    assert.equal((await owner.act('recovery-codes', { password, code: WRONG_CODE })).status, 422);
    const renewed = recoveryCodesIn(await owner.act('recovery-codes', { password, code: first[2] ?? '' }));
    secrets.recoveryCodes('second set', renewed);
    phase = 'move';
    assert.equal((await owner.act('move', { password: PASSWORDS.wrong, code: WRONG_CODE })).status, 422);
    const moved = await owner.follow(await owner.act('move', { password, code: renewed[0] ?? '' }));
    const third = await register(owner, moved, 'third set');

    phase = 'step-up';
    const boss = kept(accounts.admin, PASSWORDS.admin);
    await boss.logIn();
    assert.equal((await switchOff(boss, 'client1', { twofa_password: PASSWORDS.wrong })).status, 422);
    await snapshot();
    assert.equal(
      (await switchOff(boss, 'client1', { twofa_password: boss.password })).location,
      pageOf('client1'),
    );

    phase = 'disable';
    const other = person(accounts.client2);
    await other.logIn();
    const codes = await register(other, await other.begin(), 'fourth set');
    phase = 'fault';
    await fault(other, codes, third);
    phase = 'off';
    const wrong = { twofa_mode: 'none', twofa_password: PASSWORDS.wrong, twofa_confirm: PASSWORDS.wrong };
    assert.equal((await other.act('save', wrong)).status, 422);
    assert.equal((await other.turnOff()).status, 303);
    phase = 'public';
    for (const path of ['/2fa/health', '/2fa/metrics', '/metrics', '/server-status'])
      await person(accounts.admin).get(path);
  }

  /** Errors of a store tell what they were asked to do: everything that somebody types while it is away. */
  async function fault(owner: Person, codes: readonly string[], old: readonly string[]): Promise<void> {
    const waiting = person(accounts.client2);
    await waiting.logIn();
    const page = await waiting.get('/2fa/login');
    const settings = await owner.get('/2fa/settings');
    const proof = { password: PASSWORDS.wrong, code: codes[5] ?? '' };
    const type = async () => {
      const statuses = [];
      for (const typed of [WRONG_CODE, codes[6] ?? '', old[0] ?? ''])
        statuses.push((await waiting.submit(page, { code: typed })).status);
      statuses.push((await owner.submit(settings, proof, 'twofa-change')).status);
      return statuses;
    };
    await server.execute('RENAME TABLE f.twofa_user_secret TO f.away');
    assert.deepEqual(await type(), [503, 503, 503, 503]);
    await server.execute('RENAME TABLE f.away TO f.twofa_user_secret');
    await redis.kill();
    assert.deepEqual(await type(), [503, 503, 503, 503]);
    await redis.start();
    while ((await person(accounts.client2).get('/2fa/health')).status !== 200) await delay(20);
  }

  before(async () => {
    await givePasswords();
    await journey();
    await snapshot();
    const rows = await server.execute(
      'SELECT CONVERT(argument USING utf8mb4) AS said FROM mysql.general_log',
    );
    dumps.statements = rows.map(({ said }) => said).join('\n');
  });

  it('has everything to look for, and finds each spelling where it is put (control)', () => {
    const counts = (['secret', 'recovery code', 'password'] as const).map((kind) => secrets.count(kind));
    assert.deepEqual(counts, [3, 40, 3]);
    assert.ok(secrets.count('code') >= 6);
    secrets.assertFound();
  });

  it('the answers have keys and recovery codes where they are shown, and nowhere else', () => {
    const keyPlaces = /^(?:enrol|move|disable) \/2fa\/settings(?:\/register)?$/;
    const keys = secrets.assertShownOnce(answers, keyPlaces);
    for (const at of ['enrol', 'move', 'disable']) assert.ok(keys.includes(`${at} /2fa/settings`), `${keys}`);
  });

  it('what the process prints has none, and does have the events (control)', () => {
    for (const event of [
      'login.refused',
      'login.recovery-code',
      'step-up.refused',
      'factor.disabled-by-admin',
      'factor.replaced',
      'panel-login.refused',
    ])
      assert.ok(gateway.output.includes(`"event":"${event}"`), event);
    assert.match(gateway.output, /twofa_user_secret/, 'the fault of the database');
    assert.deepEqual(secrets.findings(gateway.output), []);
  });

  it('neither our tables nor any statement to MariaDB has one', () => {
    assert.ok(dumps.tables.some((text) => text.startsWith('twofa_user_secret [{')));
    assert.match(dumps.statements, /INSERT INTO `?twofa_audit/);
    assert.match(dumps.statements, /UPDATE `?twofa_user_secret/);
    assert.deepEqual(
      [...new Set([...dumps.tables, dumps.statements].flatMap((text) => secrets.findings(text)))],
      [],
    );
  });

  it('Redis never held one, nor was it ever sent one', () => {
    assert.ok(dumps.redis.some((text) => /enrol/.test(text)));
    assert.ok(dumps.commands.split('\n').length > 100, 'every command that Redis got');
    assert.deepEqual(
      [...new Set([...dumps.redis, dumps.commands].flatMap((text) => secrets.findings(text)))],
      [],
    );
  });

  it('the panel was told none, but for the passwords of its own login', () => {
    const told = panel.requests.map(({ target, headers, body, path }) => ({
      isLogin: path?.startsWith('/login/'),
      text: [target, ...headers.flat(), body.toString('utf8'), body.toString('latin1')].join('\n'),
    }));
    assert.ok(told.some(({ isLogin, text }) => isLogin && secrets.findings(text, 'password').length > 0));
    for (const { isLogin, text } of told) {
      for (const kind of ['secret', 'code', 'recovery code'] as const)
        assert.deepEqual(secrets.findings(text, kind), []);
      if (!isLogin) assert.deepEqual(secrets.findings(text), []);
    }
  });
});

/** Rows as a dump has them; bytes as they are and in hex. */
function textOf(rows: readonly Record<string, unknown>[]): string {
  const plain = (value: unknown) =>
    Buffer.isBuffer(value) ? `${value.toString('latin1')} ${value.toString('hex')}` : value;
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
  );
}
