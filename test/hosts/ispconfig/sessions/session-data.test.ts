import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSessionData } from '../../../../src/hosts/ispconfig/sessions/session-data.js';
import { mailUser, type Php, panelUser, session } from '../php-session.js';

const read = (text: string) => readSessionData(Buffer.from(text));
const userids = (text: string) => {
  const { user, formerUser } = read(text);
  return [user?.userid, formerUser?.userid];
};

test('an anonymous session has a theme and a language and nobody in it', () => {
  const data = read(session({ s: { id: 'x', theme: 'default', language: 'en' } }));
  assert.deepEqual(data, { user: undefined, formerUser: undefined, pending: false });
});

test('the user of the panel has texts, the mail user has numbers', () => {
  assert.deepEqual(read(session({ s: { user: panelUser(3) } })).user, {
    userid: '3',
    mailuserId: undefined,
    active: true,
    modules: ['dashboard', 'tools'],
  });
  const user = read(session({ s: { user: mailUser(1) } })).user;
  assert.equal(user?.userid, '0');
  assert.equal(user?.mailuserId, '1');
  assert.equal(user?.active, true);
});

test('after "login as" the former identity comes first', () => {
  const text = session({ s_old: { user: panelUser(1) }, s: { user: panelUser(3) } });
  assert.deepEqual(userids(text), ['3', '1']);
});

test('a list filter that looks like a session is only a text', () => {
  const forged = 'X}s|a:1:{s:4:"user";a:2:{s:6:"userid";s:1:"9";s:6:"active";s:1:"1";}}';
  const text = session({
    search: { a: forged },
    s: { search: forged, user: panelUser(3, { note: forged }) },
  });
  assert.deepEqual(userids(text), ['3', undefined]);
});

test('the e-mail code of the panel waits only while nobody is logged in', () => {
  const s_pending = { user: panelUser(3) };
  assert.equal(read(session({ s_pending, otp: { type: 'email' }, s: { id: 'x' } })).pending, true);
  assert.equal(read(session({ s_pending, s: { id: 'x' } })).user, undefined);
  assert.equal(read(session({ otp: null, s: { id: 'x' } })).pending, false);
  assert.equal(read(session({ otp: { type: 'email' }, s: { user: panelUser(3) } })).pending, false);
});

test('an account that is not active in the session is not active', () => {
  for (const active of ['0', '', null, 0, 2, true] as const) {
    const { user } = read(session({ s: { user: panelUser(3, { active }) } }));
    assert.equal(user?.active, active === true);
  }
});

for (const [what, text] of [
  ['a length in characters', 's|a:1:{s:1:"ü";i:1;}'],
  ['a length beyond the end', 's|a:1:{s:4:"user";s:999999:"x";}'],
  ['a count that is too small', 's|a:0:{s:1:"a";i:1;}'],
  ['a count that is too large', 's|a:2:{s:1:"a";i:1;}'],
  ['the same name twice', `${session({ s: { user: panelUser(3) } })}s|a:0:{}`],
  ['an unfinished name', 's'],
  ['a name without a value', '!s|'],
  ['a reference where an id should be', 's|a:1:{s:4:"user";a:1:{s:6:"userid";R:1;}}'],
  ['an id that is no number', session({ s: { user: panelUser(3, { userid: '3 or 1' }) } })],
  ['a user that is a text', session({ s: { user: 'admin' } })],
  ['great depth', `s|${'a:1:{i:0;'.repeat(200)}N;${'}'.repeat(200)}`],
] as const) {
  test(`refused as unreadable: ${what}`, () => {
    assert.throws(() => read(text), { name: 'MalformedData' });
  });
}

const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
const php = fc.letrec<{ value: Php }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.dictionary(fc.string(), tie('value') as fc.Arbitrary<Php>)),
})).value;

test('whatever else is stored, the identities are found', () => {
  fc.assert(
    fc.property(php, php, fc.integer({ min: 1, max: 99 }), (one, other, id) => {
      const text = session({
        a: one,
        s: { x: one, user: panelUser(id, { more: other }), y: other },
        b: other,
      });
      assert.equal(read(text).user?.userid, String(id));
    }),
    { numRuns: 300 },
  );
});

test('any cut of a session is refused or says the same without what was cut off', () => {
  const text = session({ s_old: { user: panelUser(1) }, s: { user: panelUser(3) } });
  for (let end = 0; end < text.length; end += 1) {
    try {
      assert.equal(read(text.slice(0, end)).user, undefined, `cut at ${end}`);
    } catch (error) {
      assert.equal((error as Error).name, 'MalformedData');
    }
  }
});
