/** A value of PHP as the tests write it. Arrays are written with numbers as keys. */
export type Php = string | number | boolean | null | readonly Php[] | { readonly [key: string]: Php };

/** What PHP's serialize() writes; lengths are of bytes. */
export function serialize(value: Php): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const entries = Object.entries(value);
  const key = (name: string) => (/^\d+$/.test(name) ? `i:${name};` : serialize(name));
  return `a:${entries.length}:{${entries.map(([name, part]) => key(name) + serialize(part)).join('')}}`;
}

/** What PHP's `php` session handler stores. */
export function session(variables: Readonly<Record<string, Php>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}|${serialize(value)}`)
    .join('');
}

/** The session's copy of a row of sys_user, where all values are texts. */
export function panelUser(userid: number, more: Readonly<Record<string, Php>> = {}): Php {
  return {
    userid: String(userid),
    passwort: '$6$x$y',
    typ: 'user',
    active: '1',
    modules: 'dashboard,tools',
    ...more,
  };
}

/** What the login makes for a mailbox, with numbers among the texts. */
export function mailUser(mailuserId: number): Php {
  return {
    userid: 0,
    active: 1,
    username: 'MBox@EXAMPLE.test',
    mailuser_id: String(mailuserId),
    modules: 'mailuser',
  };
}
