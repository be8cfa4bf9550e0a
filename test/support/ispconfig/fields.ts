import { decodePhp } from './cookie.js';

/** Parameters as PHP sees them: of one name the last, `a[]` as a list under `a`. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** The parameters of a query or an urlencoded body. */
export function parseUrlencoded(text: string): Fields {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return collect(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decodePhp(pair), ''] : [decodePhp(pair.slice(0, at)), decodePhp(pair.slice(at + 1))];
    }),
  );
}

/** The fields of a body by its content type; none of a type that PHP does not parse. */
export function parseBody(contentType: string, body: Buffer): Fields {
  const [type = ''] = contentType.split(';');
  if (type.trim().toLowerCase() === 'application/x-www-form-urlencoded')
    return parseUrlencoded(body.toString('utf8'));
  if (type.trim().toLowerCase() !== 'multipart/form-data') return {};
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return boundary ? parseMultipart(body, boundary[1] ?? boundary[2] ?? '') : {};
}

/** One field as a text; an absent one is empty. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function parseMultipart(body: Buffer, boundary: string): Fields {
  const parts = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return collect(
    parts.flatMap((part): [string, string][] => {
      const end = part.indexOf('\r\n\r\n');
      const name = /;\s*name="([^"]*)"/i.exec(part.slice(0, end))?.[1];
      if (end < 0 || name === undefined) return [];
      const text = part.slice(end + 4).replace(/\r\n$/, '');
      return [[latinToUtf8(name), latinToUtf8(text)]];
    }),
  );
}

function collect(pairs: readonly (readonly string[])[]): Fields {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name = '', value = ''] of pairs) {
    const list = /^([^[]+)\[/.exec(name);
    const key = (list?.[1] ?? name).replaceAll(/[ .]/g, '_');
    const before = fields[key];
    fields[key] = list ? [...(Array.isArray(before) ? before : []), value] : value;
  }
  return fields;
}

function latinToUtf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
