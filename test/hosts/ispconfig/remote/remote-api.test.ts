import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { StoreUnavailable } from '../../../../src/core/base/store-unavailable.js';
import { BodyRefused } from '../../../../src/hosts/gateway-host.js';
import { PanelDatabase } from '../../../../src/hosts/ispconfig/people/panel-database.js';
import { Passwords } from '../../../../src/hosts/ispconfig/people/passwords.js';
import { ApiAccounts, type RemotePolicy } from '../../../../src/hosts/ispconfig/remote/api-accounts.js';
import { RemoteApi } from '../../../../src/hosts/ispconfig/remote/remote-api.js';
import { PASSWORD, type PanelTables, startPanelTables } from '../panel-tables.js';
import { type RequestOptions, request } from '../requests.js';

let panel: PanelTables;
let database: PanelDatabase;
let passwords: Passwords;
let accounts: ApiAccounts;
before(async () => {
  panel = await startPanelTables();
  await panel.server.execute(`INSERT INTO dbispconfig.remote_session (remote_session, remote_userid, client_login) VALUES
    ('ofapi', 1, 0), ('ofclient1', 3, 1), ('ofclient2', 4, 1), ('api3', 3, 0)`);
  database = new PanelDatabase(panel.url);
  passwords = new Passwords(database);
  // client1, userid 3, is the one with a factor.
  accounts = new ApiAccounts({ database, passwords, needsCode: async ({ id }) => id === '3' });
});
after(async () => {
  await Promise.all([passwords.close(), database.close()]);
  await panel.stop();
});

/** What becomes of a call: what the panel gets, or the reason and the answer. */
async function judge(url: string, options: RequestOptions, policy: RemotePolicy = 'refuse-2fa-clients') {
  const api = new RemoteApi(policy, accounts);
  const ctx = request(url, { method: 'POST', ...options });
  const prepared = await api.prepare(ctx);
  if (prepared?.kind === 'refused') return `${prepared.status} ${prepared.reason}`;
  const own = await api.answer(ctx);
  if (own) return `${own.result}: ${own.refusal.answer?.body}`;
  if (!prepared) return 'passes';
  const counted = api.isLogin(ctx) ? 'counted ' : '';
  try {
    const { body } = prepared;
    const text = body instanceof Readable ? Buffer.concat(await Readable.from(body).toArray()) : body;
    return `${counted}${prepared.method} ${prepared.target} ${text}`;
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    return `on the way: ${error.refusal.status} ${error.refusal.reason}`;
  }
}
const json = (query: string, body: unknown, policy?: RemotePolicy) =>
  judge(
    `/remote/json.php?${query}`,
    { body: typeof body === 'string' ? body : JSON.stringify(body) },
    policy,
  );
const asClient = (username: string, password = PASSWORD) => ({ username, password, client_login: true });

const WRONG =
  'wrong: {"code":"remote_fault","message":"The login failed. Username or password wrong.","response":false}';
const NEEDS_CODE = /^right: .*two-factor/;

test('A52 a wrong password gets the same answer for every account and for none', async () => {
  for (const name of [
    'client1',
    'client2',
    'reseller1',
    'admin',
    'blocked',
    'a_b%c',
    'nobody',
    'mbox@example.test',
  ])
    assert.equal(await json('login', asClient(name, 'wrong')), WRONG, name);
  const ask = (username: string) =>
    json('client_login_get', { session_id: 'ofapi', username, password: 'wrong' });
  for (const name of ['client1', 'client2', 'nobody'])
    assert.match(await ask(name), /^wrong: .*Login failed\./, name);
  for (const name of ['client1@example.org', 'client2@example.org', 'nobody@example.org'])
    assert.match(await ask(name), /^wrong: .*"response":null/, name);
});

/** Characters of four bytes, for which the panel's columns of `utf8mb3` have no place. */
for (const beyond of ['\u{1F600}', '\u{10400}', '\u{20000}', '\u{E0100}'])
  test(`A52 a text with ${JSON.stringify(beyond)} is no name, no address and no session, as at the panel`, async () => {
    for (const name of [`client1${beyond}`, `${beyond}client1`, `client2${beyond}`, beyond])
      assert.equal(await json('login', asClient(name)), WRONG, name);
    const ask = (session_id: string, username: string) =>
      json('client_login_get', { session_id, username, password: PASSWORD });
    assert.match(await ask('ofapi', `client1${beyond}`), /^wrong: .*Login failed\./);
    assert.match(await ask('ofapi', `client1${beyond}@example.org`), /^wrong: .*"response":null/);
    assert.match(await ask(`ofapi${beyond}`, 'client1'), /^counted POST/);
    assert.match(await json('client_get', { session_id: `ofclient1${beyond}` }), /^POST/);
  });

test('only a text can be one that no row holds: other trouble with collations is a fault', async () => {
  const mixed =
    'SELECT 1 FROM sys_user WHERE username COLLATE utf8mb3_bin = username COLLATE utf8mb3_general_ci';
  await assert.rejects(database.rows(`${mixed} OR username = ?`, ['client1']), StoreUnavailable);
});

test('A52 a wrong password costs the same for every account and for none', async () => {
  // Of the processor, the worker included, as the machine may be busy; an old hash comes with a decoy.
  const cost = async (name: string) => {
    const begin = process.cpuUsage();
    await json('login', asClient(name, 'wrong'));
    return process.cpuUsage(begin).user / 1_000;
  };
  await cost('nobody');
  const costs: number[] = [];
  for (const name of ['client1', 'client2', 'blocked', 'nobody', 'mbox@example.test']) {
    const rounds = [await cost(name), await cost(name), await cost(name)];
    costs.push(Math.min(...rounds));
  }
  assert.ok(Math.max(...costs) < 2.5 * Math.min(...costs), `milliseconds: ${costs}`);
});

test('A27 the right password of an account with a factor is refused, in any spelling of its name', async () => {
  for (const name of ['client1', 'CLIENT1 ', 'cliént1'])
    assert.match(await json('login', asClient(name)), NEEDS_CODE);
  for (const username of ['client1', 'client1@example.org']) {
    const call = { session_id: 'ofapi', username, password: PASSWORD };
    assert.match(await json('client_login_get', call), NEEDS_CODE, username);
  }
});

test('the panel judges everybody else, and is asked by what was understood', async () => {
  const counted = (call: object) => `counted POST /remote/json.php?login ${JSON.stringify(call)}`;
  for (const call of [
    asClient('client2', 'password'),
    asClient('client2', ''),
    { username: 'api', password: 'x' },
  ])
    assert.equal(await json('login', call), counted(call));
  // Without a session nobody looks at the password.
  assert.match(
    await json('client_login_get', { session_id: 'none', username: 'client1', password: PASSWORD }),
    /^counted/,
  );
});

test('A56 a session of the API from before the factor is refused; to end it is not', async () => {
  const at = (session_id: unknown, more = {}) => json('client_get', { ...more, session_id });
  const outdated = '200 an API session of an account with a factor';
  for (const session of ['ofclient1', 'OFCLIENT1', 'ofclient1  '])
    assert.equal(await at(session), outdated, session);
  for (const session of ['ofclient2', 'ofapi', 'api3', 'none', 3]) assert.match(await at(session), /^POST/);
  assert.match(await json('logout', { session_id: 'ofclient1' }), /^POST/);
  const soap = (first: string) =>
    judge('/remote/', {
      body: `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><client_get>${first}<b>1</b></client_get></S:Body></S:Envelope>`,
    });
  assert.equal(await soap('<a>ofclient1</a>'), '500 an API session of an account with a factor');
  assert.match(await soap('<a>ofclient2</a>'), /^POST/);
});

test('A56 in a long call, wherever its session stands: the last byte waits for it', async () => {
  const padding = 'x'.repeat(300_000);
  const last = (session_id: string) => json('client_add', { params: { padding }, session_id });
  assert.equal(await last('ofclient1'), 'on the way: 200 an API session of an account with a factor');
  assert.match(await last('ofclient2'), /^POST .*"session_id":"ofclient2"\}$/);
  const twice = `{"session_id":"ofclient2","padding":"${padding}","session_id":"ofclient1"}`;
  assert.equal(await json('client_add', twice), 'on the way: 400 a name twice');
  assert.equal(await json('client_add', `{"padding":"${padding}"`), 'on the way: 400 a call that is cut off');
});

test('the rest of the API passes as it came; a GET with a body becomes a POST', async () => {
  const call = ' { "session_id" : "ofclient2" } ';
  assert.equal(await json('client_get&x=1', call), `POST /remote/json.php?client_get ${call}`);
  const get = (policy: RemotePolicy) =>
    judge('/remote/json.php?dns_zone_get', { method: 'GET', body: call }, policy);
  for (const policy of ['allow', 'refuse-2fa-clients'] as const)
    assert.equal(await get(policy), `POST /remote/json.php?dns_zone_get ${call}`);
  assert.equal(await judge('/remote/index.php?wsdl', { method: 'GET' }), 'passes');
});

test('an API that is not judged is refused, and the other policies are all or nothing', async () => {
  assert.equal(await judge('/remote/rest.php/api/v1', { body: '{}' }), '403 an API that is not judged');
  assert.equal(
    await judge('/remote/json.php?login', { method: 'PUT', body: '{}' }),
    '405 a call that is no POST',
  );
  assert.match(await json('login', asClient('client1'), 'refuse'), /^403/);
  assert.match(await json('login', asClient('client1'), 'allow'), /^counted POST .*client1/);
  assert.match(
    await json('login[]', asClient('client1'), 'allow'),
    /^counted POST \/remote\/json.php\?login\[\] /,
  );
  assert.equal(await judge('/remote/rest.php/api/v1', { body: '{}' }, 'allow'), 'passes');
});
