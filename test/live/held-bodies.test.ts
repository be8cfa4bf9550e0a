import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { type Form, framings, HeldRequest, type Parts } from '../attacks/held-request.js';
import { RawClient } from '../gateway/raw.js';
import { theForm } from '../support/html-forms.js';
import { PanelClient } from '../support/panel-client.js';
import type { Phone } from '../support/phone.js';
import { gatewayUrl } from './gateway.js';
import { account, type LiveAccount, missing, settings } from './settings.js';
import { sendPassword, turnOffAt, turnOnAt, visitor } from './visitor.js';

const why =
  missing('client', 'admin') ??
  (settings.panelDatabase ? undefined : 'the database of the panel is not given') ??
  (settings.url?.startsWith('https:') ? 'requests byte by byte need a gateway on plain http' : undefined);

const SETTINGS = '/tools/user_settings.php';
/** Until the gate has decided about the heads of what was sent. */
const DECIDED = 500;
/** What of a form is more than is kept back. */
const PADS = { form: {}, upload: { pad: 'x'.repeat(150_000) } };

let url = '';

before(async () => {
  if (!why) url = await gatewayUrl();
});

async function languageOf({ name }: LiveAccount): Promise<unknown> {
  const database = await createConnection(settings.panelDatabase as string);
  try {
    const [rows] = await database.query('SELECT language FROM sys_user WHERE username = ?', [name]);
    return (rows as { language: unknown }[])[0]?.language;
  } finally {
    await database.end();
  }
}

/** The panel's own form of somebody's settings, with another language. */
async function languageForm(somebody: PanelClient, language: string, more: object): Promise<Form> {
  const { body } = await somebody.get(SETTINGS, { 'x-requested-with': 'XMLHttpRequest' });
  const { fields } = theForm(`<form id="live">${body}</form>`, 'live');
  assert.ok(fields._csrf_id, body.slice(0, 300));
  return formOf(somebody, SETTINGS, { ...fields, language, ...more });
}

function formOf(somebody: PanelClient, path: string, fields: Record<string, string>): Form {
  return {
    path,
    body: new URLSearchParams(fields).toString(),
    headers: [
      `Host: ${new URL(url).host}`,
      `Origin: ${url}`,
      `Cookie: ${somebody.cookies.header}`,
      'Content-Type: application/x-www-form-urlencoded',
    ],
  };
}

/** The forms of one session, each in every framing, held until `happens` is over: the answers to all. */
async function heldAcross(forms: readonly Form[], happens: () => Promise<unknown>): Promise<string[]> {
  const port = Number(new URL(url).port);
  const hold = (parts: Parts) => new HeldRequest(port, parts);
  const held = forms.flatMap((form) =>
    Object.entries(framings).map(([framing, parts]) => [framing, hold(parts(form))] as const),
  );
  await delay(DECIDED);
  await happens();
  const answers: string[] = [];
  for (const [framing, request] of held) answers.push(`${framing}: ${await request.finish()}`);
  return answers;
}

function secondTab(first: PanelClient): PanelClient {
  const tab = new PanelClient(url);
  for (const name of first.cookies.names) tab.cookies.set(name, first.cookies.get(name));
  return tab;
}

/** "Login as" by the panel's own pages, and back. */
async function become(somebody: PanelClient, path: string): Promise<void> {
  const script = { 'x-requested-with': 'XMLHttpRequest' };
  const { body } = await somebody.get(path, script);
  const field = (name: string) =>
    (new RegExp(`name=["']${name}["'][^>]*value=["']([^"']*)["']`).exec(body) ??
      new RegExp(`value=["']([^"']*)["'][^>]*name=["']${name}["']`).exec(body))?.[1] ?? assert.fail(body);
  const fields = { username: field('username'), password: field('password'), login_as: '1' };
  const reply = await somebody.post('/login/index.php', fields, script);
  assert.match(reply.body, /^LOGIN_REDIRECT:/);
}

async function setLanguage(somebody: PanelClient, language: string): Promise<void> {
  const { path, body } = await languageForm(somebody, language, {});
  await somebody.post(path, Object.fromEntries(new URLSearchParams(body)));
}

/** As an admin's page of the client sends it when its switch is off. */
async function switchOffAt(admin: PanelClient): Promise<void> {
  const list = await admin.get(`/2fa/accounts?q=${account('client').name}`);
  const [, path = ''] =
    new RegExp(`href="([^"]*/user/\\d+)"[^>]*>${account('client').name}<`).exec(list.body) ?? [];
  const page = await admin.get(path);
  const [, twofa_csrf = ''] = /name="twofa_csrf" value="([^"]+)"/.exec(page.body) ?? [];
  const fields = { twofa_csrf, twofa_shown: 'active', twofa_password: account('admin').password };
  const reply = await admin.post(path, fields);
  assert.equal(reply.status, 303, /alert[\s\S]{0,300}/.exec(reply.body)?.[0]);
}

interface Meanwhile {
  readonly what: string;
  readonly who: 'client' | 'admin';
  happens(first: PanelClient): Promise<unknown>;
  /** Where the answers send; without it the panel carries the form out. */
  readonly sends?: RegExp;
}

let enrolled: { readonly client: PanelClient; readonly phone: Phone } | undefined;
const OUTSIDE = /: \/login\/(\?|$)/;

const table: readonly Meanwhile[] = [
  { what: 'nothing', who: 'client', happens: async () => undefined },
  {
    what: 'logout',
    who: 'client',
    happens: (first) => secondTab(first).get('/login/logout.php?l=1'),
    sends: OUTSIDE,
  },
  {
    what: 'logout and a login of somebody else in the same browser',
    who: 'client',
    happens: async (first) => {
      const tab = secondTab(first);
      await tab.get('/login/logout.php?l=1');
      await sendPassword(tab, account('admin'));
      assert.equal((await tab.get('/index.php')).status, 200);
    },
    sends: OUTSIDE,
  },
  {
    what: '2FA being turned on elsewhere',
    who: 'client',
    happens: async () => {
      const client = await visitor(url, account('client'));
      enrolled = { client, phone: await turnOnAt(client, account('client')) };
    },
    sends: /: (\/2fa\/login|\/login\/)/,
  },
  {
    what: 'login as somebody else',
    who: 'admin',
    happens: (first) => become(secondTab(first), '/login/login_as.php?cid=1'),
    sends: /: (\/index\.php|\/login\/)/,
  },
];

for (const { what, who, happens, sends } of table)
  for (const [kind, more] of Object.entries(PADS))
    test(`A49 a ${kind} across ${what}`, why ? { skip: why } : {}, async () => {
      const somebody = await visitor(url, account(who));
      const forms = [await languageForm(somebody, 'fr', more)];
      const answers = await heldAcross(forms, () => happens(somebody));
      if (enrolled) await turnOffAt(enrolled.client, account('client'));
      enrolled = undefined;
      const languages = await Promise.all([account('client'), account('admin')].map(languageOf));
      if (!sends) await setLanguage(await visitor(url, account(who)), 'en');
      for (const answer of answers) assert.match(answer, sends ?? /: (?:user_settings|200)/);
      assert.deepEqual(languages, [sends ? 'en' : 'fr', 'en']);
    });

test("A49 forms of who waits for a code, across an admin's disabling", why ? { skip: why } : {}, async () => {
  const [owner, boss] = [await visitor(url, account('client')), await visitor(url, account('admin'))];
  await turnOnAt(owner, account('client'));
  const waiting = await visitor(url, account('client'));
  const form = formOf(waiting, SETTINGS, { language: 'fr' });
  const held = Object.values(framings).map((parts) => {
    const [first, last] = parts(form);
    return { client: new RawClient(Number(new URL(url).port)).send(first), last };
  });
  await delay(DECIDED);
  await switchOffAt(boss);
  for (const { client, last } of held) {
    await client.send(last).until(/HTTP\/1\.1 303[\s\S]*location: \/2fa\/login/i);
    client.socket.destroy();
    assert.ok(!client.statuses.slice(client.received.includes('"status"') ? 1 : 0).includes(200));
  }
  assert.match((await waiting.get('/index.php')).location ?? '', /^\/login\//);
  assert.equal((await owner.get('/index.php')).status, 200);
  assert.equal(await languageOf(account('client')), 'en');
});

test('A49 a login that is held open until its session is somebody', why ? { skip: why } : {}, async () => {
  const somebody = new PanelClient(url);
  await somebody.get('/login/');
  const { name, password } = account('admin');
  const before = somebody.cookies.get('ISPCSESS');
  const forms = [
    formOf(somebody, '/login/index.php', { username: name, password: `${password}x` }),
    formOf(somebody, '/login/index.php', { username: name, password, login_as: '1' }),
    formOf(somebody, '/login/password_reset.php', { username: '', email: '' }),
  ];
  const answers = await heldAcross(forms, async () => {
    assert.equal((await sendPassword(somebody, account('client'))).location, '/index.php');
  });
  assert.notEqual(somebody.cookies.get('ISPCSESS'), before);
  const { body } = await somebody.follow(await somebody.get('/index.php'));
  assert.match(body, new RegExp(`Logout ${account('client').name}<`), answers.join('\n'));
  const old = new PanelClient(url);
  old.cookies.set('ISPCSESS', before);
  assert.equal((await old.get('/index.php')).location, '/login/', answers.join('\n'));
});
