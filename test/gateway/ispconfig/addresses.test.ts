import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { WireRequest } from '../../stand-in/wire.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { behindGateway } from './setup.js';

const behindProxy = await behindGateway({ config: { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] } });
const { client1, client2 } = accounts;
const right = { username: client1.name, password: client1.password };
const wrong = { username: client1.name, password: 'wrong' };

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const from = (address: string, fields: Record<string, string>): WireRequest => ({
  fields,
  headers: { 'x-forwarded-for': address },
});

test("A8 the panel's throttle counts clients: a locked one locks nobody else", async () => {
  const { go, database } = behindProxy;
  for (let guess = 1; guess <= 7; guess += 1) {
    await go('/login/index.php', from('203.0.113.1', wrong));
    // A second later, as the panel counts one failure per second at most.
    await database.query('UPDATE attempts_login SET login_time = login_time - INTERVAL 1 SECOND');
  }
  const locked = await go('/login/index.php', from('203.0.113.1', right));
  assert.equal(locked.status, 200);
  assert.match(locked.body, /Too many failed login attempts/);
  const other = await go('/login/index.php', from('203.0.113.2', right));
  assert.equal(other.status, 302);
  const rows = await database.query('SELECT ip FROM attempts_login');
  assert.deepEqual(
    rows.map(({ ip }) => ip),
    [md5('203.0.113.1')],
  );
});

test('A7 what a client writes into address headers reaches no panel', async () => {
  const { go, heard } = behindProxy;
  const requests = await heard(() =>
    go('/login/index.php', {
      fields: wrong,
      headers: {
        'x-forwarded-for': '1.2.3.4, 127.0.0.1, 203.0.113.9, 10.1.1.1',
        'x-real-ip': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        'x-client-ip': '1.2.3.4',
        'true-client-ip': '1.2.3.4',
        'cf-connecting-ip': '1.2.3.4',
        x_forwarded_for: '1.2.3.4',
      },
    }),
  );
  const [request] = requests;
  assert.equal(request?.address, '203.0.113.9');
  assert.ok(!request.headers.some(([, value]) => value.includes('1.2.3.4')), JSON.stringify(request.headers));
});

test('A22 a client cannot take our address header away by naming it in Connection', async () => {
  const { go, heard } = behindProxy;
  const names = 'close, x-forwarded-for, x-real-ip, x-forwarded-proto, host, cookie';
  const headers = { 'x-forwarded-for': '203.0.113.7', connection: names };
  const [request] = await heard(() => go('/login/', { headers }));
  const sent = new Map(request?.headers.map(([name, value]) => [name.toLowerCase(), value]));
  assert.equal(sent.get('x-forwarded-for'), '203.0.113.7');
  assert.equal(sent.get('x-real-ip'), '203.0.113.7');
  assert.ok(sent.get('host'));
});

test('A7 a client without a trusted proxy before it is its own address, whatever it writes', async () => {
  const { go, heard, database } = await behindGateway();
  const requests = await heard(() => go('/login/index.php', from('198.51.100.7', wrong)));
  assert.equal(requests[0]?.address, '127.0.0.1');
  assert.deepEqual(
    (await database.query('SELECT ip FROM attempts_login')).map(({ ip }) => ip),
    [md5('127.0.0.1')],
  );
});

test('ten wrong logins a minute per client reach the panel; right ones are neither limited nor counted', async () => {
  const { go, heard, database } = behindProxy;
  const forget = () => database.query('DELETE FROM attempts_login');
  const requests = await heard(async () => {
    for (let login = 1; login <= 12; login += 1) {
      await forget();
      assert.equal((await go('/login/index.php', from('203.0.113.3', right))).status, 302);
    }
    for (let guess = 1; guess <= 10; guess += 1) {
      await forget();
      assert.equal((await go('/login/', from('203.0.113.3', wrong))).status, 200);
    }
    const refused = await go('/login/index.php', from('203.0.113.3', right));
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers['retry-after']) <= 60);
    assert.match(refused.body, /Too many failed logins from your address/);
    assert.equal((await go('/login/index.php', from('203.0.113.4', right))).status, 302);
  });
  assert.equal(requests.length, 23);
});

test('A7 one /64 is one client, another is another', async () => {
  const { go, database } = behindProxy;
  for (let guess = 1; guess <= 10; guess += 1) {
    await database.query('DELETE FROM attempts_login');
    const address = guess % 2 ? `2001:db8:0:1::${guess}` : `2001:0DB8:0:0001:ffff::${guess}`;
    assert.equal((await go('/login/', from(address, wrong))).status, 200);
  }
  assert.equal((await go('/login/', from('2001:db8:0:1:aaaa::1', right))).status, 429);
  assert.equal((await go('/login/', from('2001:db8:0:2::1', right))).status, 302);
});

test('"login as", the code page and failed codes do not count as logins', async () => {
  const { person, database } = behindProxy;
  await database.query('DELETE FROM attempts_login');
  const somebody = person(client2);
  somebody.headers['x-forwarded-for'] = '203.0.113.5';
  const factor = await somebody.enrol();
  const waiting = person(client2);
  waiting.headers['x-forwarded-for'] = '203.0.113.5';
  await waiting.wait();
  for (let post = 1; post <= 12; post += 1) {
    const fields = { username: 'client1', password: 'x', login_as: '1' };
    assert.equal((await waiting.post('/login/index.php', fields)).location, '/2fa/login');
    assert.notEqual((await somebody.post('/login/index.php', fields)).status, 429);
  }
  assert.equal((await waiting.giveCode(factor.recoveryCode)).location, '/index.php');
});

test('an admin whose address is limited is told by the panel, not locked out by the proxy', async () => {
  const { go, panel } = behindProxy;
  panel.settings.maintenance = true;
  try {
    const admin = { username: 'admin', password: accounts.admin.password };
    assert.equal((await go('/login/index.php', from('203.0.113.6', right))).status, 200, 'maintenance');
    assert.equal((await go('/login/index.php', from('203.0.113.6', admin))).status, 302);
  } finally {
    panel.settings.maintenance = false;
  }
});
