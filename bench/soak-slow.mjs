import { connect } from 'node:net';
import { sequential } from './measure.mjs';

/**
 * Keeps `count` connections at a byte per second, half of them in the head of a request and half in its body, and
 * prints what a request of others takes meanwhile.
 */
export async function slowClients(url, cookie, count) {
  const { port } = new URL(url);
  const target = { url: `${url}/static/20k.css`, cookie };
  const alone = await sequential(target, 300);
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    const head = `POST /upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nContent-Length: 100000\r\n`;
    socket.write(index % 2 ? `${head}\r\n` : head.slice(0, 30));
    return socket;
  });
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x');
  }, 1_000);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const open = sockets.filter((socket) => socket.writable).length;
  const times = [];
  for (let round = 0; round < 5; round += 1) times.push(await sequential(target, 200));
  const health = await fetch(`${url}/2fa/health`);
  clearInterval(drip);
  for (const socket of sockets) socket.destroy();
  if (!health.ok) throw new Error(`The health page answered ${health.status}`);
  console.log(
    `  ${open} of ${count} slow clients connected: others wait ${Math.max(...times).toFixed(2)} ms (p50 of the slowest of five rounds), ${alone.toFixed(2)} ms without them`,
  );
}
