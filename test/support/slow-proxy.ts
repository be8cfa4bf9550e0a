import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that holds back what the server says. */
export class SlowProxy {
  /** Milliseconds between an answer of the server and its arrival; of what comes from now on. */
  delay = 0;
  readonly port: number;
  readonly #sockets = new Set<Socket>();
  readonly #stop: () => void;

  static async start(target: number): Promise<SlowProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new SlowProxy((server.address() as AddressInfo).port, () => server.close());
    server.on('connection', (client) => proxy.#join(client, connect(target, '127.0.0.1')));
    return proxy;
  }

  private constructor(port: number, stop: () => void) {
    this.port = port;
    this.#stop = stop;
  }

  /** Ends all connections in the middle of whatever they say. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  stop(): void {
    this.#stop();
    this.cut();
  }

  #join(client: Socket, server: Socket): void {
    client.pipe(server);
    server.on('data', (bytes: Buffer) => {
      setTimeout(() => client.writable && client.write(bytes), this.delay);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
