/** An element of a page: enough of one to find things by, without a tree. */
export interface Element {
  readonly tag: string;
  /** Names in lower case, values decoded; an attribute without a value is an empty text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Where its start tag begins in the page. */
  readonly start: number;
  /** Where its end tag begins; the end of the start tag for what has none. */
  readonly end: number;
  /** The markup in between. */
  readonly content: string;
}

const token = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const rawText = new Set(['script', 'style', 'textarea', 'title']);
const references: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** The elements of a well-formed page in the order they open; comments and what stands in scripts are left out. */
export function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const pattern = new RegExp(token);
  for (let match = pattern.exec(html); match; match = pattern.exec(html)) {
    const [text, slash, name, rest = ''] = match;
    if (name === undefined || slash) continue;
    const tag = name.toLowerCase();
    const inside = match.index + text.length;
    const end = endOf(tag, html, inside);
    found.push({
      tag,
      attributes: attributesOf(rest),
      start: match.index,
      end,
      content: html.slice(inside, end),
    });
    if (rawText.has(tag)) pattern.lastIndex = end;
  }
  return found;
}

/** What a reader sees of a piece of markup: without tags, with character references decoded. */
export function textOf(markup: string): string {
  return decode(markup.replace(token, ''));
}

/** Elements of one name are not expected inside each other, as is so for all that is looked for here. */
function endOf(tag: string, html: string, inside: number): number {
  const length = html.slice(inside).search(new RegExp(`</${tag}\\s*>`, 'i'));
  return length < 0 ? inside : inside + length;
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
    attributes[name.toLowerCase()] ??= decode(double ?? single ?? bare ?? '');
  }
  return attributes;
}

/** Text with its character references decoded. */
export function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return references[name.toLowerCase()] ?? whole;
  });
}
