import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { limitConnections } from '../../src/gateway/connection-limit.js';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** A server with the limit, and how many connections it was asked for. */
async function start(trusts: (socket: Socket) => boolean) {
  const server = createServer();
  servers.push(server);
  limitConnections(server, trusts);
  const counts = { asked: 0 };
  server.on('connection', () => {
    counts.asked += 1;
  });
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }), 'listening');
  return { port: (server.address() as AddressInfo).port, counts };
}

/** Those of so many connections from an address that stay open. */
async function openFrom(
  { port, counts }: Awaited<ReturnType<typeof start>>,
  localAddress: string,
  count: number,
): Promise<Socket[]> {
  const all = counts.asked + count;
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', localAddress }));
  const open = new Set(sockets);
  for (const socket of sockets)
    socket
      .resume()
      .on('error', () => undefined)
      .once('close', () => open.delete(socket));
  while (counts.asked < all) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return [...open];
}

test('A51 one client holds 1024 connections, others connect, and one that was closed is free again', async () => {
  const server = await start(() => false);
  const held = await openFrom(server, '127.0.0.1', 1_060);
  assert.equal(held.length, 1_024);
  assert.equal((await openFrom(server, '127.0.0.2', 3)).length, 3);
  for (const socket of held.slice(0, 2)) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await openFrom(server, '127.0.0.1', 4)).length, 2);
});

test('a trusted proxy holds more', async () => {
  const server = await start(() => true);
  assert.equal((await openFrom(server, '127.0.0.1', 1_060)).length, 1_060);
});
