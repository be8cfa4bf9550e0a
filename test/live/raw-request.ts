import { connect } from 'node:net';

/** Sends exactly these lines to a gateway that speaks plain HTTP, and gives all that comes back. */
export function rawRequest(
  url: string,
  lines: readonly string[],
  { encoding = 'latin1', milliseconds = 1_500 }: { encoding?: BufferEncoding; milliseconds?: number } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port || 80), hostname);
    const timer = setTimeout(() => socket.destroy(), milliseconds);
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.write(lines.join('\r\n'), encoding);
  });
}

/** A whole GET request with `Connection: close`. */
export function rawGet(target: string, headers: readonly string[], version = 'HTTP/1.1'): string[] {
  return [`GET ${target} ${version}`, 'Host: panel.example', 'Connection: close', ...headers, '', ''];
}
