import { decoded } from './url-parts.js';
import { WrongAddress } from './wrong-address.js';

/** The options of a URL by name. */
export type UrlOptions<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** Reads `name=value&…`; a name that is not `known`, one given twice and an empty value throw a `WrongAddress`. */
export function optionsOf<Name extends string>(query: string, known: readonly Name[]): UrlOptions<Name> {
  const options: Partial<Record<Name, string>> = {};
  for (const option of query === '' ? [] : query.split('&')) {
    const [, name = '', value = ''] = /^([^=]*)(?:=(.*))?$/.exec(option) ?? [];
    // Anything else may be the rest of a password.
    const called = /^[A-Za-z][\w-]{0,39}$/.test(name) ? `the option "${name}"` : 'an option';
    if (!isOneOf(known, name)) {
      throw new WrongAddress(`has ${called}, which is not known; known are ${known.join(', ')}`);
    }
    if (options[name] !== undefined) throw new WrongAddress(`has ${called} twice`);
    if (value === '') throw new WrongAddress(`has ${called} without a value`);
    options[name] = decoded(value);
  }
  return options;
}

function isOneOf<Name extends string>(known: readonly Name[], name: string): name is Name {
  return (known as readonly string[]).includes(name);
}
