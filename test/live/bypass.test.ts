import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { PanelClient } from '../support/panel-client.js';
import type { Phone } from '../support/phone.js';
import { gatewayUrl } from './gateway.js';
import { assertSessionGone } from './panel-sessions.js';
import { rawGet, rawRequest } from './raw-request.js';
import { account, missing, settings } from './settings.js';
import { sendCode, sendPassword, turnOffAt, turnOnAt, visitor } from './visitor.js';

/** Somebody has the password of an account with a factor, and no code. */
const why =
  missing('client') ??
  (settings.url?.startsWith('https:') ? 'requests byte by byte need a gateway on plain http' : undefined);

/** What stands on every page of the panel behind the login: the shell, a menu, a page with a form, a list. */
const INSIDE = /id="?'?(?:pageForm|logout-button|main-navigation|sub-navigation)|name="_csrf_id"|page-header/;

let url = '';
let owner: PanelClient;
let phone: Phone;
let session = '';

before(async () => {
  if (why) return;
  url = await gatewayUrl();
  owner = await visitor(url, account('client'));
  phone = await turnOnAt(owner, account('client'));
  session = (await visitor(url, account('client'))).cookies.get('ISPCSESS') as string;
});

function bypass(name: string, body: () => Promise<void>): void {
  test(name, why ? { skip: why } : {}, body);
}

async function assertShut(lines: readonly string[], encoding: BufferEncoding = 'latin1'): Promise<void> {
  const answer = await rawRequest(url, lines, { encoding });
  assert.match(answer, /^HTTP\/1\.1 [345]\d\d/, lines.join('\n'));
  assert.doesNotMatch(answer, INSIDE, lines.join('\n'));
}

const accented = (id: string, form: (letter: string) => string) => {
  const letters: Record<string, string> = { a: 'á', c: 'ç', e: 'é', i: 'í', n: 'ñ', o: 'ö', u: 'ü', d: 'ď' };
  return id.replace(/[aceinoud]/, (letter) => form(letters[letter] as string));
};

bypass('A14 no spelling of the session cookie opens the panel', async () => {
  const encoded = `%${session.charCodeAt(0).toString(16)}${session.slice(1)}`;
  const forms = [
    `Cookie: ISPCSESS=${session}`,
    `Cookie: ISPCSESS=${session.toUpperCase()}`,
    `Cookie: ISPCSESS=${encoded}`,
    `Cookie: ISPCSESS=${session}; ISPCSESS=anon`,
    `Cookie: ISPCSESS=anon; ISPCSESS=${session}`,
    `Cookie: ISPCSESS=anon\r\nCookie: ISPCSESS=${session}`,
    `Cookie: a=b;ISPCSESS=${session}`,
    `Cookie: a=b;\tISPCSESS=${session}`,
    `Cookie: ISPCSESS[x=anon; ISPCSESS=${session}`,
    `Cookie: ispcsess=${session}; panel-2fa=1.2.3`,
    `Cookie: ISPCSESS=${session}%20`,
    `Cookie: ISPCSESS=${accented(session, encodeURIComponent)}`,
    `Cookie: ISPCSESS=${accented(session, (letter) => letter)}`,
    `Authorization: Bearer ${session}`,
    `Authorization: Basic ${Buffer.from(`x:${session}`).toString('base64')}`,
  ];
  for (const cookie of forms) {
    await assertShut(rawGet('/index.php', [cookie]), 'utf8');
    await assertShut(rawGet('/tools/user_settings.php', [cookie, 'X-Requested-With: none']), 'utf8');
  }
});

bypass('A21 no spelling of a path opens the panel', async () => {
  const paths = [
    ...['/', '/index.php', '//index.php', '/./index.php', '/x/../index.php', '/%69ndex.php', '/index.php/x'],
    ...[
      '/INDEX.PHP',
      '/index.php;x',
      '/index.php%00.css',
      '/themes/../index.php',
      '/themes/x.css/../../index.php',
    ],
    ...[
      '/login/',
      '/login/index.php',
      '//login/index.php',
      '/login/./index.php',
      '/%6cogin/index.php',
      '/LOGIN/',
    ],
    ...['/login/../index.php', '/login/otp.php', '/login/login_as.php?cid=1', '/login/password_reset.php'],
    ...['/capp.php?mod=tools', '/nav.php?nav=side', '/nav.php?nav=top', '/dashboard/dashboard.php'],
    ...[
      '/tools/user_settings.php',
      '/datalogstatus.php',
      '/keepalive.php',
      '/2fa/../index.php',
      '/2fa/settings',
    ],
    ...['/2fa/accounts', '/2fa//login', '/2fa/login/../../index.php', '/index.php?twofa=x', '\\index.php'],
  ];
  for (const path of paths) await assertShut(rawGet(path, [`Cookie: ISPCSESS=${session}`]));
});

bypass('A21 no form of a request opens the panel', async () => {
  const cookie = `Cookie: ISPCSESS=${session}`;
  await assertShut(rawGet('http://panel.example/index.php', [cookie]));
  await assertShut(rawGet('http://other.example/index.php', [cookie]));
  await assertShut(rawGet('/index.php', [cookie], 'HTTP/1.0'));
  await assertShut(['GET /index.php HTTP/1.0', cookie, '', '']);
  await assertShut(rawGet('/index.php', [cookie, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']));
  await assertShut(
    rawGet('/index.php', [cookie, 'X-Original-URL: /keepalive.php', 'X-Rewrite-URL: /login/']),
  );
  for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PROPFIND']) {
    await assertShut([`${method} /index.php HTTP/1.1`, 'Host: x', 'Connection: close', cookie, '', '']);
  }
});

bypass('A22 a request hidden in the body of another is not carried out', async () => {
  const hidden = `GET /index.php HTTP/1.1\r\nHost: x\r\nCookie: ISPCSESS=${session}\r\n\r\n`;
  const heads = [
    ['POST /login/ HTTP/1.1', `Content-Length: ${hidden.length + 5}`, 'Transfer-Encoding: chunked'],
    ['POST /login/ HTTP/1.1', 'Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['POST /login/ HTTP/1.1', 'Transfer-Encoding: xchunked', 'Content-Length: 5'],
    ['POST /login/ HTTP/1.1', 'Transfer-Encoding : chunked', `Content-Length: ${hidden.length + 5}`],
    ['POST /login/ HTTP/1.1', 'Content-Length: 5', `Content-Length: ${hidden.length + 5}`],
    ['GET /themes/default/theme.css HTTP/1.1', `Content-Length: ${hidden.length + 5}`],
    ['GET /keepalive.php HTTP/1.1', `Content-Length: ${hidden.length + 5}`],
    ['POST /keepalive.php HTTP/1.1', `Content-Length: ${hidden.length + 5}`],
  ];
  for (const head of heads) {
    const lines = [...head, 'Host: x', 'Content-Type: text/plain', '', '0', '', hidden];
    const answer = await rawRequest(url, lines, { milliseconds: 1_000 });
    assert.doesNotMatch(answer, INSIDE, head.join('\n'));
    const after = await rawRequest(url, rawGet('/login/', []));
    assert.match(after, /id="username"/, 'the next visitor gets his own answer');
  }
});

bypass('A4 the right password again gives no session and no new tries', async () => {
  const thief = await visitor(url, account('client'));
  assert.equal((await sendCode(thief, '000000')).status, 422);
  assert.equal((await sendPassword(thief, account('client'))).location, '/2fa/login');
  assert.match((await thief.get('/2fa/login')).body, /4 tries/);
  await thief.get('/login/logout.php?l=1');
});

bypass('A16 a session id chosen by somebody else is useless', async () => {
  const chosen = 'attackerchosen0001';
  const victim = new PanelClient(url);
  victim.cookies.set('ISPCSESS', chosen);
  await victim.get('/login/');
  assert.equal((await sendPassword(victim, account('client'))).location, '/index.php');
  assert.notEqual(victim.cookies.get('ISPCSESS'), chosen);
  await sendCode(victim, await phone.next());
  assert.equal((await victim.get('/index.php')).status, 200);
  const attacker = new PanelClient(url);
  attacker.cookies.set('ISPCSESS', chosen);
  assert.equal((await attacker.get('/index.php')).location, '/login/');
  await victim.get('/login/logout.php?l=1');
});

bypass('A25 the session cookie alone, read before or after the code, opens nothing', async () => {
  const victim = await visitor(url, account('client'));
  await sendCode(victim, await phone.next());
  const thief = new PanelClient(url);
  thief.cookies.set('ISPCSESS', victim.cookies.get('ISPCSESS'));
  assert.match((await thief.get('/index.php')).location ?? '', /^\/(?:2fa\/login|login\/\?twofa=expired)$/);
  await victim.get('/login/logout.php?l=1');
});

bypass('A34 a clearance of another session, or of a factor turned off, is useless', async () => {
  const clearance = owner.cookies.names.find((name) => name.endsWith('panel-2fa')) as string;
  const thief = await visitor(url, account('client'));
  thief.cookies.set(clearance, owner.cookies.get(clearance));
  assert.equal((await thief.get('/index.php')).location, '/2fa/login');
  await turnOffAt(owner, account('client'));
  // Who waited at the code page while the factor was turned off has to log in again.
  const waiting = thief.cookies.get('ISPCSESS') as string;
  assert.match((await thief.get('/index.php')).location ?? '', /^\/login\/\?twofa=expired/);
  await assertSessionGone(url, waiting);
  const old = owner.cookies.get(clearance);
  phone = await turnOnAt(owner, account('client'));
  const again = await visitor(url, account('client'));
  again.cookies.set(clearance, old);
  assert.equal((await again.get('/index.php')).location, '/2fa/login');
});

bypass('A42 logout from the code page ends the session, and everybody can still log in', async () => {
  const visit = await visitor(url, account('client'));
  const id = visit.cookies.get('ISPCSESS') as string;
  await visit.get('/login/logout.php');
  await assertSessionGone(url, id);
  await turnOffAt(owner, account('client'));
  assert.equal((await (await visitor(url, account('client'))).get('/index.php')).status, 200);
});
