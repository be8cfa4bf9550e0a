/** A value of PHP as the tests write it. Arrays are written with numbers as keys. */
export type Php = string | number | boolean | null | readonly Php[] | { readonly [key: string]: Php };

/** What PHP's serialize() writes; lengths are of bytes. */
export function serialize(value: Php): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const entries = Object.entries(value);
  const key = (name: string) => (/^(0|-?[1-9]\d{0,17})$/.test(name) ? `i:${name};` : serialize(name));
  return `a:${entries.length}:{${entries.map(([name, part]) => key(name) + serialize(part)).join('')}}`;
}

/** What PHP's `php` session handler stores. */
export function session(variables: Readonly<Record<string, Php>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}|${serialize(value)}`)
    .join('');
}

/** What the rows of the tests' people have, beside what all have. */
const ROWS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1: { username: 'admin', typ: 'admin', default_group: '1', client_id: '0' },
  2: { username: 'reseller1', groups: '2,4', default_group: '2', client_id: '1' },
  3: { username: 'client1', default_group: '3', client_id: '2' },
  4: { username: 'client2', default_group: '4', client_id: '3' },
  5: { username: 'blocked', default_group: '5', client_id: '0' },
  6: { username: 'oldadmin', typ: 'admin', default_group: '1', client_id: '0' },
};

/** The session's copy of a row of sys_user, where all values are texts. */
export function panelUser(userid: number, more: Readonly<Record<string, Php>> = {}): { [key: string]: Php } {
  const row = ROWS[userid] ?? { default_group: '9', client_id: '0' };
  return {
    userid: String(userid),
    passwort: '$6$x$y',
    typ: 'user',
    active: '1',
    modules: 'dashboard,tools',
    groups: row.default_group ?? '',
    ...row,
    ...more,
  };
}

/** What the login makes for a mailbox, with numbers among the texts. */
export function mailUser(mailuserId: number, more: Readonly<Record<string, Php>> = {}): Php {
  return {
    userid: 0,
    active: 1,
    startmodule: 'mailuser',
    modules: 'mailuser',
    typ: 'user',
    email: mailuserId === 3 ? 'orphan@example.test' : 'mbox@example.test',
    username: 'MBox@EXAMPLE.test',
    mailuser_id: String(mailuserId),
    default_group: mailuserId === 3 ? '99' : '3',
    ...more,
  };
}
