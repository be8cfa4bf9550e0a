import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../../support/ispconfig/accounts.js';
import type { PanelRequest } from '../../support/ispconfig/request.js';
import { behindGateway } from './setup.js';

const setup = await behindGateway();
const { person, go, heard, database } = setup;
const factor = await person(accounts.client1).enrol();
const cleared = await person(accounts.client1).enter(factor);
const pending = await person(accounts.client1).wait();
const clearance = `panel-2fa=${cleared.cookies.get('panel-2fa')}`;
const INSIDE = /Logout client1|id="pageForm"|Welcome client1/;

type Form = (id: string) => string | readonly string[];
const hex = (text: string) => `%${text.charCodeAt(0).toString(16)}`;
const upper = (id: string) => id.toUpperCase();
const accented = (id: string) =>
  id.replace(/[aeiounc]/, (letter) => encodeURIComponent(`${letter}\u0301`.normalize('NFC')));

/** The table of the wire page, and what the stand-in's collation takes besides. */
const FORMS: Readonly<Record<string, Form>> = {
  'as it is': (id) => `ISPCSESS=${id}`,
  'in upper case': (id) => `ISPCSESS=${upper(id)}`,
  'with a percent-encoded character': (id) => `ISPCSESS=${hex(id)}${id.slice(1)}`,
  'percent-encoded all over, in upper case': (id) => `ISPCSESS=${[...upper(id)].map(hex).join('')}`,
  'with an accented letter': (id) => `ISPCSESS=${accented(id)}`,
  'with an accented letter in bare bytes': (id) =>
    `ISPCSESS=${Buffer.from(decodeURIComponent(accented(id))).toString('latin1')}`,
  'twice, the right one first': (id) => `ISPCSESS=${id}; ISPCSESS=anon`,
  'twice, the right one last': (id) => `ISPCSESS=anon; ISPCSESS=${id}`,
  'in two lines, the right one last': (id) => ['ISPCSESS=anon', `ISPCSESS=${id}`],
  'in two lines, the right one first': (id) => [`ISPCSESS=${id}`, 'ISPCSESS=anon'],
  'without a space before it': (id) => `a=b;ISPCSESS=${id}`,
  'after a tab': (id) => `a=b;\tISPCSESS=${id}`,
  'after an open bracket': (id) => `ISPCSESS[x=anon; ISPCSESS=${id}`,
  'after a name with a dot': (id) => `ISPCSESS.x=1; ISPCSESS=${id}`,
  'with an encoded name': (id) => `%49SPCSESS=${id}`,
  'with a name in lower case': (id) => `ispcsess=${id}`,
  'with a space after its name': (id) => `ISPCSESS =${id}`,
  'in quotes': (id) => `ISPCSESS="${id}"`,
  'as an array': (id) => `ISPCSESS[]=${id}`,
  'after a comma': (id) => `a=b,ISPCSESS=${id}`,
  'with an encoded space behind it': (id) => `ISPCSESS=${id}%20`,
  'with an encoded NUL behind it': (id) => `ISPCSESS=${id}%00`,
  'with a plus behind it': (id) => `ISPCSESS=${id}+`,
  'empty, then the right one': (id) => `ISPCSESS=; ISPCSESS=${id}`,
  'without a value, then the right one': (id) => `ISPCSESS; ISPCSESS=${id}`,
};

/** The session cookies in a request of the gateway; it must not hide any in another spelling. */
function sessionCookies({ headers }: PanelRequest): string[] {
  const lines = headers.filter(([name]) => name === 'cookie').map(([, value]) => value);
  assert.ok(lines.length <= 1, 'one line at most');
  return lines.flatMap((line) => line.split(';')).filter((pair) => /^\s*(?:ispcsess|%49)/i.test(pair));
}

function assertCanonical(requests: readonly PanelRequest[], id: string): void {
  for (const request of requests) {
    const cookies = sessionCookies(request);
    assert.ok(
      cookies.length === 0 || (cookies.length === 1 && cookies[0]?.trim() === `ISPCSESS=${id}`),
      cookies.join(),
    );
  }
}

for (const [what, form] of Object.entries(FORMS)) {
  test(`A25 the session cookie ${what}: nothing without a code, and one canonical cookie goes on`, async () => {
    const sent = [form(pending.sessionId)].flat();
    const mine = [form(cleared.sessionId)].flat();
    const without = await heard(async () => {
      for (const cookie of [sent, [...sent, clearance], [clearance, ...sent]]) {
        for (const target of [
          '/index.php',
          '/dashboard/dashboard.php',
          '/login/index.php',
          '/login/login_as.php?cid=2',
        ]) {
          const { body } = await go(target, { cookie });
          assert.doesNotMatch(body, INSIDE, `${target} with ${cookie.join(' | ')}`);
          assert.doesNotMatch(body, /\$6\$/);
        }
      }
    });
    assert.ok(
      without.every((request) => sessionCookies(request).length === 0),
      'no session without a code goes on',
    );
    const with2fa = await heard(() => go('/index.php', { cookie: [...mine, clearance] }));
    assertCanonical(with2fa, cleared.sessionId);
  });
}

test('the spellings that mean the session to us are served as this session, with its clearance', async () => {
  const inside = async (form: string) => {
    const sent = [FORMS[form]?.(cleared.sessionId) ?? assert.fail(form)].flat();
    return INSIDE.test((await go('/index.php', { cookie: [`${sent.join('; ')}; ${clearance}`] })).body);
  };
  for (const form of [
    'as it is',
    'in upper case',
    'with a percent-encoded character',
    'twice, the right one first',
  ])
    assert.equal(await inside(form), true, form);
  const row = (await database.sessions()).find(({ id }) => id.toLowerCase() === cleared.sessionId);
  assert.equal(row?.id, cleared.sessionId, 'the panel never rewrote the row in another case');
});

test('ids in the query and in a posted field are ignored', async () => {
  const id = cleared.sessionId;
  const cookie = clearance;
  assert.equal((await go(`/index.php?ISPCSESS=${id}&phpsessid=${id}`, { cookie })).location, '/login/');
  const reply = await go('/index.php', { cookie, fields: { ISPCSESS: id, phpsessid: id } });
  assert.equal(reply.location, '/login/');
});
