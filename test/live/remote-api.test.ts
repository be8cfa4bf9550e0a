import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PanelClient } from '../support/panel-client.js';
import { gatewayUrl } from './gateway.js';
import { account, type LiveAccount, missing } from './settings.js';
import { turnOffAt, turnOnAt, visitor } from './visitor.js';

const why = missing('client', 'API user');

let client: PanelClient;
let owner: PanelClient;

before(async () => {
  if (why) return;
  const url = await gatewayUrl();
  client = new PanelClient(url);
  owner = await visitor(url, account('client'));
  await turnOnAt(owner, account('client'));
});

function remote(name: string, body: () => Promise<void>): void {
  test(name, why ? { skip: why } : {}, body);
}

async function json(
  method: string,
  values: object,
): Promise<{ code: string; message: string; response: unknown }> {
  const reply = await client.request(`/remote/json.php?${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
  return JSON.parse(reply.body);
}

async function soapLogin(
  { name, password }: LiveAccount,
  asClient: boolean,
  { path = '/remote/index.php', isPacked = false } = {},
): Promise<string> {
  const text = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Body><n:login xmlns:n="urn:remote">
<username xsi:type="xsd:string">${text(name)}</username><password xsi:type="xsd:string">${text(password)}</password><client_login xsi:type="xsd:boolean">${asClient}</client_login>
</n:login></S:Body></S:Envelope>`;
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:remote#login"' };
  const packed = { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
  const request = isPacked ? packed : { headers, body };
  return (await client.request(path, { method: 'POST', ...request })).body;
}

const credentials = ({ name, password }: LiveAccount) => ({ username: name, password });
const REFUSED = /two-factor authentication/;

remote('A27 an API user calls the API in JSON', async () => {
  const login = await json('login', credentials(account('API user')));
  assert.equal(login.code, 'ok', login.message);
  const user = await json('client_get_by_username', {
    session_id: login.response,
    username: account('client').name,
  });
  assert.equal(user.code, 'ok', user.message);
  assert.equal((await json('logout', { session_id: login.response })).code, 'ok');
});

remote('A27 an API user logs in in SOAP', async () => {
  assert.match(await soapLogin(account('API user'), false), /<return[^>]*>\w{16,}<\/return>/);
});

remote('an API user logs in at every address of the API, compressed or not', async () => {
  for (const path of ['/remote', '/remote/', '/remote/index.php?wsdl'])
    for (const isPacked of [false, true])
      assert.match(
        await soapLogin(account('API user'), false, { path, isPacked }),
        /<return[^>]*>\w{16,}</,
        path,
      );
});

remote('A52 a wrong password gets the same answer with 2FA, without it, and for nobody', async () => {
  const wrong = (name: string) => ({ name, password: 'wrong', isMailUser: false });
  const names = [account('client').name, account('API user').name, 'nobody-of-that-name'];
  const answers = await Promise.all(
    names.map(async (name) => [
      await json('login', { ...credentials(wrong(name)), client_login: true }),
      await soapLogin(wrong(name), true),
    ]),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
});

remote("A27 a client with 2FA is refused in JSON, in the gateway's words", async () => {
  const login = await json('login', { ...credentials(account('client')), client_login: true });
  assert.equal(login.code, 'remote_fault');
  assert.match(login.message, REFUSED);
});

remote('A27 a client with 2FA is refused in SOAP', async () => {
  assert.match(await soapLogin(account('client'), true), REFUSED);
});

remote('A27 a client with 2FA is refused when an API user asks for him', async () => {
  const { response } = await json('login', credentials(account('API user')));
  const answer = await json('client_login_get', { session_id: response, ...credentials(account('client')) });
  assert.match(answer.message, REFUSED);
});

remote('a client without 2FA gets the answer of the panel itself', async () => {
  await turnOffAt(owner, account('client'));
  const login = await json('login', { ...credentials(account('client')), client_login: true });
  assert.doesNotMatch(login.message, REFUSED);
});
