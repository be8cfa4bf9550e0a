import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection under way at the same time: browsers and proxies wait for one answer before they ask again. */
const MOST = 8;

/**
 * Closes a connection that sends so many requests before their answers (RFC 9112 §9.3.2): node would begin all of them at
 * once, however many come in one piece.
 */
export function nearlyOneByOne(listener: RequestListener): RequestListener {
  const underWay = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: 1 | -1) => {
    const count = (underWay.get(socket) ?? 0) + by;
    underWay.set(socket, count);
    return count;
  };
  return (req, res) => {
    const { socket } = req;
    if (socket.destroyed || change(socket, 1) > MOST) {
      socket.destroy();
      return;
    }
    res.once('close', () => change(socket, -1));
    listener(req, res);
  };
}
