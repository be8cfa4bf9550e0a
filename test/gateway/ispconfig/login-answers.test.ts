import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireReply } from '../../stand-in/wire.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { behindGateway } from './setup.js';

const setup = await behindGateway({
  config: { trustedProxies: ['127.0.0.1'], loginsPerMinute: 1, upstreamSeconds: 1 },
});
const { go, person, panel, database, gateway } = setup;
const { client1, admin, apiuser } = accounts;
const WRONG_BOX =
  '<div class="alert alert-danger"><div class="box box_error">Username or Password wrong.</div></div>';
const RIGHT = { username: client1.name, password: client1.password };
let last = 0;

type Login = (headers: Record<string, string>) => Promise<WireReply>;
const counted: string[] = [];

/** Whose login counts has no third one within the minute. */
async function verdictOf(login: Login): Promise<string> {
  last += 1;
  const address = `203.0.113.${last}`;
  const headers = { 'x-forwarded-for': address };
  await login(headers);
  await login(headers);
  const { status, body } = await login(headers);
  if (status !== 429 || !body.includes('Too many failed logins')) return 'does not count';
  counted.push(address);
  return 'wrong';
}

type Settings = Partial<typeof panel.settings>;
const post =
  (fields: Record<string, string>, settings: Settings = {}, sql = '', undo = '') =>
  async () => {
    Object.assign(panel.settings, settings);
    if (sql) await database.query(sql);
    const said = await verdictOf((headers) => go('/login/index.php', { fields, headers }));
    Object.assign(panel.settings, { maintenance: false, passwordDays: 0 });
    if (undo) await database.query(undo);
    return said;
  };
/** Whatever the panel, or what is before it, answers to a login. */
const answered =
  (status: number, headers: Record<string, string> = {}, body = '', target = '/login/index.php') =>
  async () => {
    panel.misbehaviour.answers.set(target, { status, headers, body });
    const content = target.includes('json') ? { body: JSON.stringify(API) } : { fields: RIGHT };
    const said = await verdictOf((from) => go(target, { ...content, headers: from }));
    panel.misbehaviour.answers.delete(target);
    return said;
  };
const API = { username: apiuser.name, password: apiuser.password };
const JSON_LOGIN = '/remote/json.php?login';
const SOAP = '/remote/index.php';
const api = (call: object, settings: Settings = {}) => {
  return async () => {
    Object.assign(panel.settings, settings);
    const body = JSON.stringify(call);
    const said = await verdictOf((headers) => go(JSON_LOGIN, { body, headers }));
    panel.settings.maintenance = false;
    return said;
  };
};
/** A SOAP fault or answer to a call that the gateway has taken for a login. */
const soap = (status: number, answer: string) => async () => {
  panel.misbehaviour.answers.set(SOAP, { status, body: answer, headers: { 'content-type': 'text/xml' } });
  const login = `<n:login><a>${API.username}</a><b>${API.password}</b></n:login>`;
  const body = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="urn:x"><S:Body>${login}</S:Body></S:Envelope>`;
  const said = await verdictOf((from) =>
    go(SOAP, { body, headers: { 'content-type': 'text/xml', ...from } }),
  );
  panel.misbehaviour.answers.delete(SOAP);
  return said;
};
const to = (location: string, status = 302) => answered(status, { location });
const locked = (headers: Record<string, string>) =>
  database.query(
    `REPLACE INTO attempts_login (ip, times, login_time) VALUES (MD5('${headers['x-forwarded-for']}'), 9, NOW())`,
  );
const block = `UPDATE sys_user SET active = 0 WHERE username = '${client1.name}'`;
const unblock = `UPDATE sys_user SET active = 1 WHERE username = '${client1.name}'`;
const fault = (text: string) =>
  `<S:Envelope><S:Body><S:Fault><faultstring>${text}</faultstring></S:Fault></S:Body></S:Envelope>`;

const ANSWERS: readonly (readonly [what: string, verdict: () => Promise<string>, is: string])[] = [
  ['a wrong password', post({ ...RIGHT, password: 'x' }), 'wrong'],
  ['nobody of that name', post({ ...RIGHT, username: 'nobody' }), 'wrong'],
  ['a right password', post(RIGHT), 'does not count'],
  ['a right one and a new one due', post(RIGHT, { passwordDays: 30 }), 'does not count'],
  ['maintenance, a right one', post(RIGHT, { maintenance: true }), 'does not count'],
  ['maintenance, a wrong one', post({ ...RIGHT, password: 'x' }, { maintenance: true }), 'wrong'],
  [
    'maintenance, the admin',
    post({ username: admin.name, password: admin.password }, { maintenance: true }),
    'does not count',
  ],
  ['maintenance, a blocked account', post(RIGHT, { maintenance: true }, block, unblock), 'does not count'],
  ['a blocked account, its right one', post(RIGHT, {}, block, unblock), 'does not count'],
  ['a blocked account, a wrong one', post({ ...RIGHT, password: 'x' }, {}, block, unblock), 'wrong'],
  ['a name that cannot be one', post({ ...RIGHT, username: 'a b' }), 'does not count'],
  ['no password', post({ ...RIGHT, password: '' }), 'does not count'],
  [
    "the panel's own lock, a right one",
    () =>
      verdictOf(async (headers) => {
        await locked(headers);
        return go('/login/index.php', { fields: RIGHT, headers });
      }),
    'does not count',
  ],
  ['an admin from an address that is not his', answered(200, {}, WRONG_BOX), 'wrong'],
  ['its intrusion detection', answered(200, {}, 'Possible attack detected.'), 'does not count'],
  ['its database is away', answered(200, {}, 'DB not available'), 'does not count'],
  ['a fault of PHP', answered(500), 'does not count'],
  ['the web server has no PHP', answered(502, {}, '<h1>502 Bad Gateway</h1>'), 'does not count'],
  ['PHP takes too long for it', answered(504), 'does not count'],
  ['the web server says no', answered(403), 'does not count'],
  ['the web server limits', answered(429), 'does not count'],
  ['nothing changed', answered(304), 'does not count'],
  ['its own code', to('otp.php'), 'does not count'],
  ["an add-on's page", to('/totpauth/verify.php'), 'does not count'],
  ['back to the login', to('/login/'), 'does not count'],
  ['another scheme', to('https://127.0.0.1/login/index.php', 301), 'does not count'],
  ['what is no address', to('http://['), 'does not count'],
  ['no place to go', answered(302), 'does not count'],
  ['the API, a wrong one', api({ ...API, password: 'x' }), 'wrong'],
  ['the API, a right one', api(API), 'does not count'],
  ['the API in maintenance', api(API, { maintenance: true }), 'does not count'],
  ['the API, a fault of PHP', answered(500, {}, '', JSON_LOGIN), 'does not count'],
  ['the API, a page of the web server', answered(502, {}, '<h1>502</h1>', JSON_LOGIN), 'does not count'],
  [
    'the API, a wrong one after a note of PHP',
    answered(200, {}, `<br />Notice {"code":"remote_fault","message":"The login failed."}`, JSON_LOGIN),
    'wrong',
  ],
  ['SOAP, a wrong one', soap(500, fault('The login failed. Username or password wrong.')), 'wrong'],
  ['SOAP in maintenance', soap(500, fault('This is under maintenance.')), 'does not count'],
  ["SOAP, the panel's own lock", soap(500, fault('Too many failed logins.')), 'does not count'],
  ['SOAP, a fault of PHP', soap(500, ''), 'does not count'],
  ['SOAP, a page of the web server', soap(504, '<html><h1>504</h1></html>'), 'does not count'],
];

test('only an answer that says "wrong" counts as a failed login', async () => {
  const verdicts = [];
  for (const [what, verdict] of ANSWERS) verdicts.push([what, await verdict()]);
  assert.deepEqual(
    verdicts,
    ANSWERS.map(([what, , is]) => [what, is]),
  );
  const told = [...gateway.output.matchAll(/refused from ([\d.]+): wrong-password/g)];
  assert.deepEqual(
    told.map(([, address]) => address),
    counted,
    'what fail2ban reads',
  );
});

test('a panel that hangs or is away has said nothing: whoever waited for it gets in afterwards', async () => {
  const login = async (headers: Record<string, string>, status: number) => {
    const reply = await go('/login/index.php', { fields: RIGHT, headers });
    assert.equal(reply.status, status);
    return reply;
  };
  const hang: Login = async (headers) => {
    panel.misbehaviour.hangs = true;
    const reply = await login(headers, 504);
    panel.misbehaviour.hangs = false;
    return reply;
  };
  assert.equal(await verdictOf(hang), 'does not count');
  await panel.stop();
  const away: Login = (headers) => login(headers, 502);
  assert.equal(await verdictOf(away), 'does not count');
  await panel.start();
});

test('a login that an add-on keeps back goes on in its new session', async () => {
  const visitor = person(client1);
  await visitor.get('/login/');
  panel.misbehaviour.answers.set('/login/index.php', {
    status: 302,
    body: '',
    headers: { location: '/totpauth/verify.php', 'set-cookie': 'ISPCSESS=newsession; path=/' },
  });
  await visitor.post('/login/index.php', RIGHT);
  panel.misbehaviour.answers.delete('/login/index.php');
  assert.equal(visitor.sessionId, 'newsession');
});
