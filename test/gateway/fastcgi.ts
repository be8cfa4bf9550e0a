import { once } from 'node:events';
import { createServer } from 'node:net';

/** What a script behind nginx is told. */
export type Params = Readonly<Record<string, string>>;

const END_REQUEST = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;

/** Stands in for php-fpm: answers every script with its parameters as JSON, one request per connection. */
export async function startFastCgi(path: string): Promise<{ close(): void }> {
  const server = createServer((socket) => {
    let data = Buffer.alloc(0);
    let params = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      data = Buffer.concat([data, part]);
      while (data.length >= 8) {
        const type = data.readUInt8(1);
        const id = data.readUInt16BE(2);
        const size = data.readUInt16BE(4);
        const end = 8 + size + data.readUInt8(6);
        if (data.length < end) return;
        const content = data.subarray(8, 8 + size);
        data = data.subarray(end);
        if (type === PARAMS) params = Buffer.concat([params, content]);
        if (type !== STDIN || size > 0) continue;
        const body = JSON.stringify(readParams(params));
        const answer = `Status: 200 OK\r\nContent-Type: application/json\r\n\r\n${body}`;
        socket.end(
          Buffer.concat([
            record(STDOUT, id, answer),
            record(STDOUT, id, ''),
            record(END_REQUEST, id, '\0'.repeat(8)),
          ]),
        );
      }
    });
  }).listen(path);
  await once(server, 'listening');
  return { close: () => server.close() };
}

function record(type: number, id: number, content: string): Buffer {
  const body = Buffer.from(content);
  const head = Buffer.from([1, type, id >> 8, id & 255, body.length >> 8, body.length & 255, 0, 0]);
  return Buffer.concat([head, body]);
}

/** Of two with the same name the last counts, as in php-fpm. */
function readParams(data: Buffer): Params {
  const params: Record<string, string> = {};
  let at = 0;
  const length = () => {
    const short = data.readUInt8(at);
    const size = short < 128 ? short : data.readUInt32BE(at) & 0x7fffffff;
    at += short < 128 ? 1 : 4;
    return size;
  };
  while (at < data.length) {
    const [name, value] = [length(), length()];
    params[data.toString('utf8', at, at + name)] = data.toString('utf8', at + name, at + name + value);
    at += name + value;
  }
  return params;
}
