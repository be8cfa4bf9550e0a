import assert from 'node:assert/strict';
import { PanelClient, type Reply } from '../support/panel-client.js';
import { Phone } from '../support/phone.js';
import type { LiveAccount } from './settings.js';

/** The panel's login by plain HTTP; gives the answer to the password. */
export function sendPassword(client: PanelClient, { name, password }: LiveAccount): Promise<Reply> {
  return client.post('/login/index.php', { username: name, password, s_mod: 'login', s_pg: 'index' });
}

/** A browser without JavaScript that the panel has let in by a password. */
export async function visitor(url: string, account: LiveAccount): Promise<PanelClient> {
  const client = new PanelClient(url);
  await client.get('/login/');
  assert.equal((await sendPassword(client, account)).location, '/index.php', account.name);
  return client;
}

/** Turns 2FA on by our standalone page, which needs no JavaScript. */
export async function turnOnAt(client: PanelClient, { password }: LiveAccount): Promise<Phone> {
  const setup = await beginAt(client, await client.get('/2fa/settings'));
  const [, uri] = /href="(otpauth:[^"]+)"/.exec(setup.body) ?? [];
  assert.ok(uri, 'the page with the key');
  const { searchParams } = new URL(uri.replaceAll('&amp;', '&'));
  const phone = new Phone(searchParams.get('secret') ?? '', Number(searchParams.get('period')));
  const codes = await client.submit(setup, { password, code: await phone.next() }, 'twofa-setup');
  assert.equal(codes.status, 200);
  const saved = await client.follow(await client.submit(codes, { twofa_mode: '2fa' }, 'twofa-save'));
  assert.match(saved.body, /data-twofa-state="active"/);
  return phone;
}

async function beginAt(client: PanelClient, page: Reply): Promise<Reply> {
  const [, csrf = ''] = /name="twofa_csrf" value="([^"]+)"/.exec(page.body) ?? [];
  return client.follow(await client.post('/2fa/settings/begin', { twofa_csrf: csrf }));
}

export async function turnOffAt(client: PanelClient, { password }: LiveAccount): Promise<void> {
  const page = await client.get('/2fa/settings');
  const fields = { twofa_mode: 'none', twofa_password: password, twofa_confirm: password };
  const off = await client.follow(await client.submit(page, fields, 'twofa-save'));
  assert.match(off.body, /data-twofa-state="off"/);
}

/** Enters a code at the code page. */
export async function sendCode(client: PanelClient, code: string): Promise<Reply> {
  return client.submit(await client.get('/2fa/login'), { code });
}
