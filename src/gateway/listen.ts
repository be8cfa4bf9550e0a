import { lstatSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, type Server } from 'node:net';

/** Where the gateway listens. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** Reads `127.0.0.1:8090`, `[::1]:8090` or `unix:/run/panel-2fa/gateway.sock`; undefined when it is neither. */
export function parseListen(text: string): ListenAddress | undefined {
  if (/^unix:\/./.test(text)) return { kind: 'unix', path: text.slice('unix:'.length) };
  const match = text.match(/^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host && port <= 65_535 ? { kind: 'tcp', host, port } : undefined;
}

/**
 * Lets the server listen; resolves with its address as text. A socket file that no process listens on is replaced,
 * and the new one is open to owner and group only.
 */
export async function listenOn(server: Server, address: ListenAddress): Promise<string> {
  if (address.kind === 'unix') await removeStaleSocket(address.path);
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new Error(reasonOf(address, error)));
    server.once('error', failed);
    const ready = () => {
      server.off('error', failed);
      resolve();
    };
    if (address.kind === 'unix') listenClosed(server, address.path, ready);
    else server.listen(address.port, address.host, ready);
  });
  if (address.kind === 'unix') return `unix:${address.path}`;
  const { port } = server.address() as AddressInfo;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`;
}

function reasonOf(address: ListenAddress, { code, message }: NodeJS.ErrnoException): string {
  const place = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `listen: ${place} is in use by another program`;
    case 'EADDRNOTAVAIL':
      return `listen: this machine does not have the address ${place}`;
    case 'EACCES':
      return `listen: this user may not listen on ${place}`;
    case 'ENOENT':
      return `listen: the folder of ${place} does not exist`;
    default:
      return `listen: ${place}: ${message}`;
  }
}

/** The socket has its mode from its first moment on: a chmod by its path could reach another file. */
function listenClosed(server: Server, path: string, ready: () => void): void {
  const umask = process.umask(0o117);
  try {
    server.listen(path, ready);
  } finally {
    process.umask(umask);
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const isUsed = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
  if (!isUsed) rmSync(path);
}
