import { keySpellings } from './key-spellings.js';

/** A text as programs write it: plain, for a URL, a form, HTML and JSON, in hex, base64 and Latin-1. */
export function textSpellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const html = text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const named = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    ...new Set([
      text,
      encodeURIComponent(text),
      new URLSearchParams({ text }).toString().slice('text='.length),
      html,
      named,
      named.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
      JSON.stringify(text).slice(1, -1),
      bytes.toString('hex'),
      ...base64Spellings(bytes),
      bytes.toString('latin1'),
    ]),
  ];
}

/** A base32 key: as {@link keySpellings}, in the groups of the page, in lower case, and as text in every spelling of text. */
export function secretSpellings(base32: string): string[] {
  const grouped = (base32.match(/.{4}/g) ?? []).join(' ');
  return [
    ...new Set([
      ...keySpellings(base32),
      ...[base32, base32.toLowerCase(), grouped, grouped.toLowerCase()].flatMap(textSpellings),
    ]),
  ];
}

/** A recovery code: with and without dashes, in both cases, in every spelling of text. */
export function recoverySpellings(code: string): string[] {
  const bare = code.replaceAll('-', '');
  return [
    ...new Set([code, bare, code.toLowerCase(), bare.toLowerCase()].flatMap((text) => textSpellings(text))),
  ];
}

/** Where a spelling stands in a text; six digits only where no digit is before or after them. */
export function findsOf(text: string, spellings: readonly string[]): string[] {
  return spellings.filter((spelling) =>
    /^\d{6}$/.test(spelling)
      ? new RegExp(`(?<![\\da-zA-Z])${spelling}(?![\\da-zA-Z])`).test(text)
      : text.includes(spelling),
  );
}

/** The part of base64 that is the same whatever stands before (three ways to begin) and behind. */
function base64Spellings(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const text = whole.toString('base64').replace(/=+$/, '');
    const inner = text.slice(
      shift === 0 ? 0 : shift + 1,
      bytes.length % 3 === 0 && shift === 0 ? undefined : -1,
    );
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')].filter((found) => found.length >= 7);
  });
}
