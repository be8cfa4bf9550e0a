/** Stands for a proxy that did not say for whom: no address, as the word itself (RFC 7239 §6.2). */
const UNTOLD = 'unknown';

const STRING = '"(?:[^"\\\\]|\\\\.)*"';
const WHOLE = new RegExp(`^(?:${STRING}|[^"])*$`);
const ELEMENT = new RegExp(`(?:${STRING}|[^,"])+`, 'g');
const PAIR = new RegExp(`(?:${STRING}|[^;"])+`, 'g');

/**
 * The `for` of each element of a `Forwarded` header, the nearest proxy's last (RFC 7239 §4): a node with or without port,
 * still in its quotation marks.
 */
export function forwardedFor(text: string): string[] {
  // With an open quotation mark of the client's, what a proxy adds would become part of what the client wrote.
  if (!WHOLE.test(text)) return [UNTOLD];
  return (text.match(ELEMENT) ?? [])
    .filter((element) => element.trim() !== '')
    .map((element) => {
      const pairs = (element.match(PAIR) ?? []).map((pair) => pair.trim());
      const nodes = pairs.filter((pair) => /^for=/i.test(pair)).map((pair) => pair.slice('for='.length));
      return nodes.length === 1 ? (nodes[0] ?? UNTOLD) : UNTOLD;
    });
}
