/** The panel's own codes that are not language tags. */
const OWN_CODES: ReadonlyMap<string, string> = new Map([
  ['br', 'pt-BR'],
  ['cn', 'zh'],
  ['cz', 'cs'],
  ['dk', 'da'],
  ['se', 'sv'],
]);

/** The BCP 47 tag of a language code of the panel; undefined when it is none. */
export function languageTag(code: string | null | undefined): string | undefined {
  if (!code || !/^[a-z]{2}$/.test(code)) return undefined;
  return OWN_CODES.get(code) ?? code;
}
