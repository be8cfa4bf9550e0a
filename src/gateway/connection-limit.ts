import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressBucket } from '../index.js';

/** Of one client at the same time. A browser opens some six. */
const MOST = 1_024;

/** Closes connections of a client who has so many; a trusted proxy, whose clients are counted one by one, may have any number. */
export function limitConnections(server: Server, trusts: (socket: Socket) => boolean): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    if (trusts(socket)) return;
    const client = addressBucket(socket.remoteAddress ?? '');
    const count = open.get(client) ?? 0;
    if (count >= MOST) {
      socket.destroy();
      return;
    }
    open.set(client, count + 1);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left === 0) open.delete(client);
      else open.set(client, left);
    });
  });
}
