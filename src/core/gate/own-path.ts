/**
 * Is this a path, with its query, of our own origin? Browsers take `//host` and `/\host` for another origin and leave out
 * white space before they look (WHATWG URL §4.4).
 */
export function isOwnPath(text: string): boolean {
  return /^\/(?![/\\])[^\\\s]*$/.test(text);
}
