import { cookieHeader, sessionIdOf } from '../dist/hosts/ispconfig/sessions/session-cookie.js';

const ID = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,-';
const PIECES = [
  'ISPCSESS',
  'ISPCSESS=',
  'ispcsess=',
  'ISPCSESS[',
  '%49SPCSESS=',
  '=',
  ';',
  '; ',
  ' ',
  '\t',
  '%',
  '%00',
  '%20',
  '%3B',
  '"',
  ',',
  '\0',
  '\r\n',
  'ü',
  'panel-2fa=',
  '__Host-panel-2fa=',
  '$Version=1',
];

/**
 * Cookie headers whose session is known: among hostile cookies the first that is ours by its exact name counts, in
 * whatever percent-encoding. Then the same header with bytes changed: whatever comes out stands in it, decoded once.
 */
export function fuzzCookie(random) {
  const ids = Array.from({ length: random.below(3) }, () => idOf(random));
  const others = Array.from({ length: random.below(5) }, () => otherCookie(random));
  const pairs = [
    ...others.slice(0, 2),
    ...ids.map((id) => `ISPCSESS=${encoded(random, id)}`),
    ...others.slice(2),
  ];
  const header = pairs.join(random.of(['; ', ';', ';\t', ' ; ']));
  if (sessionIdOf(header) !== ids[0])
    throw new Error(`another session than ${ids[0]} of ${JSON.stringify(header)}`);
  const broken = broke(random, header);
  const id = sessionIdOf(broken);
  if (id === undefined) return 'none';
  if (!/^[A-Za-z0-9,-]{1,64}$/.test(id) || cookieHeader(id) !== `ISPCSESS=${id}`)
    throw new Error(`no session id: ${JSON.stringify(id)} of ${JSON.stringify(broken)}`);
  const first = broken
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith('ISPCSESS='));
  if (first === undefined || decodeURIComponent(first.slice('ISPCSESS='.length)) !== id)
    throw new Error(`${id} is not the first session of ${JSON.stringify(broken)}`);
  return 'an id';
}

function idOf(random) {
  return Array.from({ length: 1 + random.below(64) }, () => ID[random.below(ID.length)]).join('');
}

function encoded(random, id) {
  if (random.below(2)) return id;
  const hex = (char) => char.charCodeAt(0).toString(16);
  return id.replace(/./g, (char) =>
    random.below(4) ? char : `%${random.below(2) ? hex(char) : hex(char).toUpperCase()}`,
  );
}

/** Never `ISPCSESS` by its exact name, and without a semicolon. */
function otherCookie(random) {
  const name = random.of([
    'ga',
    'ISPCSESS2',
    'XISPCSESS',
    'ispcsess',
    'ISPCSESS[]',
    '%49SPCSESS',
    'ISPCSESS ',
    'panel-2fa',
    '',
  ]);
  return `${name}=${random.of(['x', 'ISPCSESS=abc', '"quoted"', '{"a":1}', '%', '%00', 'ü', random.text(6).replace(/;/g, '')])}`;
}

function broke(random, header) {
  let text = header;
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(text.length + 1);
    const to = at + random.below(8);
    const piece = random.below(2) ? random.of(PIECES) : random.text(1 + random.below(3));
    text = random.of([
      () => text.slice(0, at) + piece + text.slice(at),
      () => text.slice(0, at) + text.slice(to),
      () => text.slice(0, to) + text.slice(at),
      () => text.slice(0, at) + piece + text.slice(to),
    ])();
  }
  return text;
}
