import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import { AS_SCRIPT, type Person } from './person.js';
import { behindGateway } from './setup.js';

const { person, database, heard } = await behindGateway();
const factor = await person(accounts.client1).enrol();

const script = (path: string) => `<script>location.href="${path}"</script>`;

/** What the shell asks for by script, as [what, path, fields when it posts]. */
const CALLS = [
  ['loadContent of a page', '/mail/mail_user_list.php'],
  ['loadContent of a page with a slot', '/tools/user_settings.php'],
  ['loadInitContent, the first page', '/dashboard/dashboard.php'],
  ['submitForm', '/tools/user_settings.php', { language: 'de' }],
  ['submitForm of a list filter', '/mail/mail_user_list.php', { search_name: 'x' }],
  ['nav.php, side', '/nav.php?nav=side'],
  ['nav.php, top', '/nav.php?nav=top'],
  ['datalogstatus.php, the poll', '/datalogstatus.php'],
  ['a page that does not exist', '/mail/none.php'],
] as const;

const STATES: Readonly<Record<string, { somebody: Person; way: string }>> = {
  'no session': { somebody: person(accounts.client1), way: '/login/' },
  'an expired session': { somebody: await expired(), way: '/login/' },
  'a session without a code': { somebody: await person(accounts.client1).wait(), way: '/2fa/login' },
};

async function expired(): Promise<Person> {
  const somebody = await person(accounts.client1).enter(factor);
  await database.query('DELETE FROM sys_session WHERE session_id = ?', [somebody.sessionId]);
  return somebody;
}

for (const [state, { somebody, way }] of Object.entries(STATES)) {
  for (const [what, path, fields] of CALLS) {
    test(`${what} with ${state} gets a script that goes to ${way}, and no page to paste`, async () => {
      const requests = await heard(async () => {
        const reply = fields
          ? await somebody.post(path, fields, AS_SCRIPT)
          : await somebody.get(path, AS_SCRIPT);
        assert.equal(reply.status, 200);
        assert.equal(reply.body, script(way));
        assert.match(reply.headers.get('content-type') ?? '', /^text\/html/);
        assert.equal(reply.headers.get('cache-control'), 'no-store');
      });
      assert.deepEqual(requests, [], 'the panel, which would send its login page, is not asked');
    });
  }

  test(`capp.php with ${state} gets the word it understands`, async () => {
    const reply = await somebody.get('/capp.php?mod=tools', AS_SCRIPT);
    assert.deepEqual([reply.status, reply.body], [200, `URL_REDIRECT:${way}`]);
  });

  test(`a document with ${state} is redirected`, async () => {
    for (const headers of [{ 'sec-fetch-dest': 'document' }, { 'sec-fetch-dest': 'iframe' }, {}]) {
      const reply = await somebody.get('/mail/mail_user_list.php', headers as Record<string, string>);
      assert.deepEqual([reply.status, reply.location], [303, way]);
    }
  });
}

test('a fragment is told by either header of the browser or the shell', async () => {
  const stranger = person(accounts.client2);
  for (const [name, value] of Object.entries(AS_SCRIPT))
    assert.equal((await stranger.get('/dashboard/dashboard.php', { [name]: value })).body, script('/login/'));
});

test('a session that the panel itself ends leads to the login, and its login page is not pasted into the shell', async () => {
  const somebody = person(accounts.client2);
  await somebody.get('/login/');
  assert.notEqual(somebody.sessionId, '');
  for (const path of ['/login/', '/login/index.php']) {
    assert.equal((await somebody.get(path, AS_SCRIPT)).body, script('/login/'), path);
    assert.match((await somebody.get(path)).body, /id="username"/, path);
  }
});

test('the shell keeps asking keepalive.php without a session, and polls wake nobody', async () => {
  const stranger = person(accounts.client2);
  const reply = await stranger.get('/keepalive.php', AS_SCRIPT);
  assert.deepEqual([reply.status, reply.body], [200, '']);
});

test("what follows a Save is the panel's relative 302, and a page of the shell stays what it is", async () => {
  const somebody = await person(accounts.client1).enter(factor);
  const { body } = await somebody.get('/tools/user_settings.php', AS_SCRIPT);
  const token = Object.fromEntries(
    ['_csrf_id', '_csrf_key'].map((name) => [
      name,
      new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '',
    ]),
  );
  const saved = await somebody.post('/tools/user_settings.php', { ...token, language: 'en' }, AS_SCRIPT);
  assert.deepEqual([saved.status, saved.headers.get('location')], [302, 'user_settings.php']);
  const missing = await somebody.post('/tools/user_settings.php', { language: 'en' }, AS_SCRIPT);
  assert.equal(missing.status, 500, 'as the panel answers a form without its token');
  assert.equal(
    (await somebody.get('/capp.php?mod=mail', AS_SCRIPT)).body,
    'HEADER_REDIRECT:mail/mail_user_list.php',
  );
});

test('compressed pages are edited, others pass as the panel compressed them', async () => {
  const somebody = await person(accounts.client1).enter(factor);
  const gzip = { ...AS_SCRIPT, 'accept-encoding': 'gzip, br' };
  const slot = await somebody.get('/tools/user_settings.php', gzip);
  assert.match(slot.body, /data-twofa-place/);
  assert.equal(slot.headers.get('content-encoding'), null);
  const list = await somebody.get('/mail/mail_user_list.php', gzip);
  assert.equal(list.headers.get('content-encoding'), 'gzip');
  assert.match(list.body, /search_name/);
});
