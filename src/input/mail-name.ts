import { domainToASCII, domainToUnicode } from 'node:url';

/** Scripts that are written together (UTS #39, highly restrictive); digits and the dash go with each. */
const TOGETHER: readonly RegExp[] = [
  /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}\p{Script=Inherited}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}]*$/u,
  ...['Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Armenian', 'Georgian', 'Thai', 'Devanagari'].map(
    (script) => new RegExp(`^[\\p{Script=${script}}\\p{Script=Common}\\p{Script=Inherited}]*$`, 'u'),
  ),
];
/** Cyrillic and Greek letters that look like Latin ones: a word of these alone could be taken for another. */
const LOOKS_LATIN = /^[асԁеһіјӏорԗԛѕԝхуъьҽпгѵѡαινκορτυωχ\d-]+$/u;
const LETTERS = /^[\p{L}\p{M}\p{N}-]+$/u;
const ENCODED = /^xn--/i;

/**
 * An e-mail address as people write it: `müller@exämple.test` for what a panel keeps as
 * `xn--mller-kva@xn--exmple-cua.test`. A part stays encoded where it is no valid encoding, or could be taken for another
 * name. Any other name stays as it is.
 */
export function readableName(name: string): string {
  return /@/.test(name) ? eachLabel(name, readableLabel) : name;
}

/** The same with the name as it is kept, where that is another. */
export function bothNames(name: string): string {
  const readable = readableName(name);
  return readable === name ? name : `${readable} (${name})`;
}

/**
 * What a panel keeps for an address that was typed: letter case and composed letters do not count, and each part may be
 * encoded or not. Text that is no address is encoded likewise, part by part: as much of one as somebody searches for.
 */
export function encodedName(typed: string): string {
  return eachLabel(typed.normalize('NFC').trim().toLowerCase(), (label) =>
    isAscii(label) ? label : domainToASCII(label) || label,
  );
}

function readableLabel(label: string): string {
  if (!ENCODED.test(label)) return label;
  const readable = domainToUnicode(label);
  const isExact = domainToASCII(readable) === label.toLowerCase();
  const isPlain = LETTERS.test(readable) && TOGETHER.some((scripts) => scripts.test(readable));
  return isExact && isPlain && !LOOKS_LATIN.test(readable) ? readable : label;
}

function eachLabel(name: string, change: (label: string) => string): string {
  return name.replace(/[^@.]+/g, change);
}

function isAscii(text: string): boolean {
  return [...text].every((char) => char < '\u0080');
}
