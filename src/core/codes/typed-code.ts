import { isRecoveryCode } from './recovery-codes.js';
import { isCode } from './totp.js';

/** What somebody typed or pasted where a code belongs; not yet judged. At most one code can be meant. */
export type TypedCode =
  | { readonly kind: 'missing' }
  /** Six digits. */
  | { readonly kind: 'code'; readonly code: string }
  /** In the alphabet's own spelling. */
  | { readonly kind: 'recovery-code'; readonly code: string }
  /** Cannot be a code; digits only, but not six. */
  | { readonly kind: 'malformed-code' }
  /** Cannot be one either, but was meant as a recovery code: it has letters or is too long for a code. */
  | { readonly kind: 'malformed-recovery-code' };

/** Nobody types more; what is longer is not looked at. */
const LONGEST = 256;
const LONGEST_CODE = 8;

/**
 * What stands between the characters of a code as people and their apps write it: white space, what is invisible, dashes, dots,
 * quotation marks, and what turns a digit into an emoji. Control characters are no typing and stay.
 */
const BETWEEN =
  /[\s\p{Cf}\p{Pd}\p{Pi}\p{Pf}\u2212.,:;_'"`´·•‧⋅・‚„*|/\\()[\]]|\p{Variation_Selector}|\p{Me}/gu;
/** The number of a line in a list: `1. `, `10) `. A dash or a bullet is taken out with {@link BETWEEN}. */
const NUMBERED = /^[^\p{L}\p{Nd}]*\d{1,2}[^\p{L}\p{Nd}]+/u;

/** Was it meant as a code of the app? Those are what a lock is for. */
export function isOfApp({ kind }: TypedCode): boolean {
  return kind === 'code' || kind === 'malformed-code';
}

export function readTyped(typed: string): TypedCode {
  if (typed.length > LONGEST) return { kind: 'malformed-recovery-code' };
  const folded = fold(typed);
  const all = folded.replace(BETWEEN, '');
  if (all === '') return { kind: 'missing' };
  if (isCode(all)) return { kind: 'code', code: all };
  for (const text of [folded, folded.replace(NUMBERED, '')]) {
    const code = asCrockford(text.replace(BETWEEN, ''));
    if (isRecoveryCode(code)) return { kind: 'recovery-code', code };
  }
  const meant = /\p{L}/u.test(all) || Array.from(all).length > LONGEST_CODE;
  return { kind: meant ? 'malformed-recovery-code' : 'malformed-code' };
}

/** Full-width, superscript and bold characters become plain ones, and the digits of every script become ours. */
function fold(text: string): string {
  return text.normalize('NFKC').replace(/\p{Nd}/gu, digit);
}

/** Unicode keeps the ten digits of a script side by side, from zero on (Unicode 4.6); two scripts may stand side by side. */
function digit(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}

/** Crockford's base32 takes small letters, O for 0, and I and L for 1. */
function asCrockford(text: string): string {
  return text.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
}
