import { RawClient } from '../gateway/raw.js';

const hex = (char: string) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Spellings that some server, router or proxy takes for `path`; the panel knows exact paths only. */
export function spellingsOf(path: string): string[] {
  const first = path.charAt(1) || 'x';
  const last = path.lastIndexOf('/') + 1;
  const spellings = [
    `/${path}`,
    `//evil.test${path}`,
    `/.${path}`,
    `/..${path}`,
    `/x/..${path}`,
    `/%2e${path}`,
    `/x/%2e%2e${path}`,
    `/x%2f..${path}`,
    `/assets/..${path}`,
    `/assets/%2e%2e${path}`,
    `/assets/..%2f${path.slice(1)}`,
    `/login/..${path}`,
    `/2fa/..${path}`,
    `/2fa/assets/..${path}`,
    `/2fa/health/..${path}`,
    `${path.slice(0, last)}./${path.slice(last)}`,
    `${path}/`,
    `${path}//`,
    `${path}/panel.css`,
    `${path}.css`,
    `${path};x=/login`,
    `${path};/assets/panel.css`,
    `${path}%00`,
    `${path}%00.css`,
    `${path}%20`,
    `${path}%0d%0aX: y`,
    `${path}\\`,
    `/\\${path.slice(1)}`,
    `/${hex(first)}${path.slice(2)}`,
    `/%25${hex(first).slice(1)}${path.slice(2)}`,
    path.toUpperCase(),
    path.replace(/[a-z]/, (letter) => letter.toUpperCase()),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling !== path);
}

/** What came back on the wire; empty when the connection was closed without an answer. */
export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

/** Sends these lines and this body as they are, on a connection of their own. */
export async function tell(port: number, lines: readonly string[], body = ''): Promise<Answer> {
  const text = await new RawClient(port).send(...lines, '', body).end(15_000);
  const [, status = '0'] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
  const [, location = ''] = /^location: (.*)\r$/im.exec(text) ?? [];
  return { status: Number(status), location, text };
}

/** The lines of a request of HTTP/1.1 that ends its connection. */
export function request(method: string, target: string, port: number, cookie: string, ...more: string[]) {
  const named = [`Host: 127.0.0.1:${port}`, 'Connection: close', ...(cookie ? [`Cookie: ${cookie}`] : [])];
  return [`${method} ${target} HTTP/1.1`, ...named, ...more];
}

/** Acts on every item, a few at a time. */
export async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}
