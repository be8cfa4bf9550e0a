import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSessionData } from '../../../../src/hosts/ispconfig/sessions/session-data.js';
import { knownNames } from '../../../../src/hosts/ispconfig/sessions/session-names.js';
import { mailUser, type Php, panelUser, serialize, session } from '../php-session.js';

const read = (text: string, addOns: readonly string[] = []) =>
  readSessionData(Buffer.from(text), knownNames(addOns));
const ids = (text: string) => {
  const { user, formerUser } = read(text);
  return [user?.id, formerUser?.id];
};
const client = serialize(panelUser(3));

test('an anonymous session has a theme and a language and nobody in it', () => {
  const data = read(session({ s: { id: 'x', theme: 'default', language: 'en' } }));
  assert.deepEqual(data, { user: undefined, formerUser: undefined, waiting: undefined });
});

test('the user of the panel has texts, the mail user has numbers', () => {
  assert.deepEqual(read(session({ s: { user: panelUser(2) } })).user, {
    realm: 'user',
    id: '2',
    active: true,
    typ: 'user',
    modules: ['dashboard', 'tools'],
    groups: ['2', '4'],
    defaultGroup: '2',
    clientId: '1',
    email: '',
    name: 'reseller1',
  });
  assert.deepEqual(read(session({ s: { user: mailUser(1) } })).user, {
    realm: 'mailuser',
    id: '1',
    active: true,
    typ: 'user',
    modules: ['mailuser'],
    groups: [],
    defaultGroup: '3',
    clientId: '0',
    email: 'mbox@example.test',
    name: 'MBox@EXAMPLE.test',
  });
});

test('after "login as" the former identity comes first', () => {
  const text = session({ s_old: { user: panelUser(1) }, s: { user: panelUser(3) } });
  assert.deepEqual(ids(text), ['3', '1']);
});

test('a list filter that looks like a session is only a text', () => {
  const forged = 'X}s|a:1:{s:4:"user";a:2:{s:6:"userid";s:1:"9";s:6:"active";s:1:"1";}}R:1;O:1:"x"';
  const text = session({
    search: { a: forged, [forged]: forged },
    s: { search: forged, user: panelUser(3, { note: forged }) },
  });
  assert.deepEqual(ids(text), ['3', undefined]);
});

test('A57 whoever waits is read like whoever is logged in, with all that is set beside him', () => {
  const s_pending = { user: panelUser(3) };
  const waits = (more: Readonly<Record<string, Php>>) => {
    const { user, waiting } = read(session({ s_pending, ...more }));
    return user ? 'logged in' : waiting && [waiting.user.id, ...waiting.beside].join(' ');
  };
  assert.equal(waits({ otp: { type: 'email' } }), '3 otp');
  assert.equal(waits({ force_password_change: true, _csrf: {} }), '3 force_password_change _csrf');
  assert.equal(waits({ otp: null, force_password_change: false }), '3');
  assert.equal(waits({ totpauth: 1 }), '3 totpauth', 'an unknown name opens nothing here, and is told');
  assert.equal(waits({ otp: {}, s: { user: panelUser(1) } }), 'logged in');
  assert.equal(waits({ s_pending: null }), undefined);
  assert.equal(waits({ s_pending: { user: mailUser(1) }, otp: {} }), '1 otp');
  for (const bad of [true, {}, { user: null }, { user: 'x' }, { user: { userid: true } }] as const)
    assert.throws(() => waits({ s_pending: bad, otp: {} }), { rule: 'wrong-user' }, JSON.stringify(bad));
});

test('an account is active in the session when it is 1, as text or number, and nothing that PHP takes for it', () => {
  for (const active of ['1', 1, '0', '', null, 0, 2, true, '1.0', '01', ' 1', []] as const) {
    const { user } = read(session({ s: { user: panelUser(3, { active }) } }));
    assert.equal(user?.active, active === '1' || active === 1, String(active));
  }
});

test('names at the top are those of the panel, and exactly those of add-ons that the operator named', () => {
  const names = ['_csrf', '_csrf_timeout', 'search', 'monitor', 'show_error_msg', 'show_info_msg'];
  for (const name of [...names, 'use_domain_module_old_value', 'force_password_change']) {
    assert.equal(read(`${name}|b:1;s|a:1:{s:4:"user";${client}}`).user?.id, '3', name);
  }
  assert.throws(() => read('totpauth|b:1;'), { rule: 'unknown-name' });
  assert.equal(read('totpauth|b:1;', ['totpauth']).user, undefined);
  for (const name of ['Totpauth', 'totpauth2', 'totpaut', 's ', 'S', 'ſ', 'client_login']) {
    assert.throws(() => read(`${name}|b:1;`, ['totpauth']), { rule: 'unknown-name' }, name);
  }
});

const inUser = (field: string) =>
  `s|a:1:{s:4:"user";${client.replace(/}$/, `${field}}`).replace(/^a:\d+/, (count) => `a:${Number(count.slice(2)) + 1}`)}}`;
for (const [rule, what, text] of [
  ['reference', 'to an earlier value', 'search|a:2:{i:0;a:0:{}i:1;R:2;}'],
  ['reference', 'to an object', 'search|a:1:{i:0;r:1;}'],
  ['reference', 'as a user', `search|${client}s|a:1:{s:4:"user";R:1;}`],
  ['reference', 'as the whole identity', `s_pending|a:1:{s:4:"user";${client}}s|R:1;`],
  ['reference', 'as a field of the user', inUser('s:1:"x";R:1;')],
  ['object', 'of any class', 'search|O:8:"stdClass":0:{}'],
  ['object', 'deep in a list', 'search|a:1:{i:0;a:1:{s:1:"a";O:8:"stdClass":0:{}}}'],
  ['object', 'with a form of its own', 'search|C:11:"ArrayObject":21:{x:i:0;a:0:{};m:a:0:{}}'],
  ['object', 'that is an enum', 'search|E:11:"Suit:Hearts";'],
  ['object', 'as the user', 's|a:1:{s:4:"user";O:8:"stdClass":0:{}}'],
  ['key-twice', 'a text', inUser('s:6:"userid";s:1:"1";')],
  ['key-twice', 'the user', `s|a:2:{s:4:"user";${client}s:4:"user";N;}`],
  ['key-twice', 'a number', 'search|a:2:{i:7;i:1;i:7;i:2;}'],
  ['key-twice', 'a number of a list', 'search|a:3:{i:0;i:1;i:1;i:2;i:0;i:3;}'],
  [
    'key-twice',
    'beyond the numbers of JavaScript',
    'search|a:2:{i:9007199254740993;i:1;i:9007199254740993;i:2;}',
  ],
  [
    'key-twice',
    'among many',
    `search|a:12:{${[...'abcdefghijka'].map((key) => `s:1:"${key}";N;`).join('')}}`,
  ],
  ['key-twice', 'at the top', `s|a:1:{s:4:"user";${client}}s|a:0:{}`],
  ['too-large', 'by one byte', `search|s:262128:"${'x'.repeat(262_128)}";`],
  ['unreadable', 'the text of a number as a key', 'search|a:2:{i:1;i:1;s:1:"1";i:2;}'],
  ['unreadable', 'the text of a negative number as a key', 'search|a:1:{s:2:"-5";i:2;}'],
  ['unreadable', 'the text of the last number as a key', 'search|a:1:{s:19:"9223372036854775807";i:2;}'],
  ['unreadable', 'a number with a sign', 'search|i:+1;'],
  ['unreadable', 'a number with a zero in front', 'search|i:01;'],
  ['unreadable', 'a number less than nothing', 'search|i:-0;'],
  ['unreadable', 'a number of more than 64 bits', 'search|i:9223372036854775808;'],
  ['unreadable', 'a number that is none', 'search|i:x;'],
  ['unreadable', 'neither true nor false', 'search|b:2;'],
  ['unreadable', 'a fraction that is none', 'search|d:1e5;'],
  ['unreadable', 'a length with a zero in front', 'search|s:01:"a";'],
  ['unreadable', 'a text with escapes', 'search|S:1:"\\61";'],
  ['unreadable', 'a key that is true', 'search|a:1:{b:1;i:1;}'],
  ['unreadable', 'a length in characters', 's|a:1:{s:1:"ü";i:1;}'],
  ['unreadable', 'a length beyond the end', 's|a:1:{s:4:"user";s:999999:"x";}'],
  ['unreadable', 'a count that is too small', 's|a:0:{s:1:"a";i:1;}'],
  ['unreadable', 'a count that is too large', 's|a:2:{s:1:"a";i:1;}'],
  ['unreadable', 'an unfinished name', 's'],
  ['unreadable', 'an empty name', '|N;'],
  ['unreadable', 'a name without a value', '!s|'],
  ['unreadable', 'something behind the end', `${session({ s: { user: panelUser(3) } })};`],
  ['unreadable', 'great depth', `s|${'a:1:{i:0;'.repeat(200)}N;${'}'.repeat(200)}`],
  ['wrong-user', 'an id that is no number', session({ s: { user: panelUser(3, { userid: '3 or 1' }) } })],
  ['wrong-user', 'an id that is true', session({ s: { user: panelUser(3, { userid: true }) } })],
  ['wrong-user', 'an id with a fraction', session({ s: { user: panelUser(3, { userid: 3.5 }) } })],
  ['wrong-user', 'a list as an id', session({ s: { user: panelUser(3, { userid: ['3'] }) } })],
  ['wrong-user', 'no id', session({ s: { user: { active: '1', typ: 'user' } } })],
  ['wrong-user', 'a kind that is true', session({ s: { user: panelUser(3, { typ: true }) } })],
  ['wrong-user', 'a kind that is 0', session({ s: { user: panelUser(3, { typ: 0 }) } })],
  ['wrong-user', 'modules in a list', session({ s: { user: panelUser(3, { modules: ['admin'] }) } })],
  ['wrong-user', 'a user and a mailbox', session({ s: { user: panelUser(3, { mailuser_id: '1' }) } })],
  ['wrong-user', 'a user that is a text', session({ s: { user: 'admin' } })],
  ['wrong-user', 'an identity that is true', 's|b:1;'],
] as const) {
  test(`A48 refused as ${rule}: ${what}`, () => {
    assert.throws(() => read(text), { name: 'UnfitSession', rule });
  });
}

test('keys and numbers of every kind that PHP writes are read', () => {
  const keys = [
    'i:-3;',
    'i:0;',
    'i:1;',
    'i:5;',
    'i:4;',
    's:2:"01";',
    's:2:"-0";',
    's:19:"9223372036854775808";',
  ];
  const values = [
    'i:-9223372036854775808;',
    'd:0.5;',
    'd:-1.0E-25;',
    'd:INF;',
    'd:NAN;',
    'b:0;',
    'N;',
    's:0:"";',
  ];
  const entries = keys.map((key, index) => key + values[index]).join('');
  assert.equal(read(`search|a:8:{${entries}}s|a:1:{s:4:"user";${client}}`).user?.id, '3');
});

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.integer().map((whole) => whole / 4),
  fc.constant(null),
);
const php = fc.letrec<{ value: Php }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.dictionary(fc.string(), tie('value') as fc.Arbitrary<Php>)),
})).value;

test('whatever else is stored, the identities are found', () => {
  fc.assert(
    fc.property(php, php, fc.integer({ min: 1, max: 99 }), (one, other, id) => {
      const text = session({
        search: one,
        s: { x: one, user: panelUser(id, { more: other }), y: other },
        monitor: other,
      });
      assert.equal(read(text).user?.id, String(id));
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
      assert.equal((error as Error).name, 'UnfitSession');
    }
  }
});

test('A63 a large session is read in a time that grows with its length, up to ten thousand entries', () => {
  const text = (count: number) => {
    const keys = Array.from({ length: count }, (_, index): [string, Php] => [`key ${index * 7}`, index]);
    return Buffer.from(session({ search: Object.fromEntries(keys), s: { user: panelUser(3) } }));
  };
  const time = (data: Buffer) => {
    // What this process worked: others may keep the machine busy.
    const begin = process.cpuUsage();
    assert.equal(readSessionData(data, knownNames()).user?.id, '3');
    return process.cpuUsage(begin).user / 1_000;
  };
  const [small, large] = [text(480), text(9_600)];
  time(large);
  assert.ok(time(large) < 20 * 10 * Math.max(time(small), 1), 'twenty times as much');
  assert.throws(() => readSessionData(text(10_001), knownNames()), /fewer entries/);
});

for (const field of ['language', 'theme', 'app_theme', 'startmodule'])
  for (const [value, isGood] of [
    ['en', true],
    ['', true],
    ['my-theme.v2', true],
    [null, true],
    ['../../tmp/x', false],
    ['a/b', false],
    ['..', false],
    ['a\0', false],
    [1, false],
    [true, false],
  ] as const)
    test(`A70 ${JSON.stringify(value)} as a ${field} is ${isGood ? 'a name of a file' : 'refused'}`, () => {
      const read = (s: Php) => readSessionData(Buffer.from(session({ s })), knownNames());
      const inUser = () => read({ user: panelUser(3, { [field]: value }) });
      if (isGood) assert.equal(inUser().user?.id, '3');
      else assert.throws(inUser, /no name of a file/);
      if (field === 'app_theme' || field === 'startmodule') return;
      const beside = () => read({ user: panelUser(3), [field]: value, module: { name: 'mail' } });
      if (isGood) assert.equal(beside().user?.id, '3');
      else assert.throws(beside, /no name of a file/);
    });

test('A70 the module of a session is a name of a folder', () => {
  const of = (name: string) =>
    readSessionData(Buffer.from(session({ s: { user: panelUser(3), module: { name } } })), knownNames());
  assert.equal(of('mail').user?.id, '3');
  assert.throws(() => of('../x'), /no name of a file/);
});
