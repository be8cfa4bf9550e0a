/**
 * The path that nginx looks up for a request target: decoded once, slashes merged, dot segments followed.
 * `undefined` is a 400, as for a path that leaves the root.
 */
export function normalise(target: string): string | undefined {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const raw = origin.replace(/[?#].*$/s, '');
  if (!raw.startsWith('/') || /%(?![0-9a-f]{2})/i.test(raw)) return undefined;
  const bytes = raw.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const path = Buffer.from(bytes, 'latin1').toString('utf8');
  if (path.includes('\0')) return undefined;
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (kept.pop() === undefined) return undefined;
    } else if (segment !== '.' && segment !== '') kept.push(segment);
    if (last && (segment === '' || segment === '.' || segment === '..')) kept.push('');
  }
  return `/${kept.join('/')}`.replace(/^\/+$/, '/');
}

/** The query of a target, without its question mark. */
export function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '' : target.slice(at + 1).replace(/#.*$/s, '');
}
