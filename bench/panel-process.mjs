import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';

/** Runs the bundled panel, `with` or `without` the plugin, in a process of its own. */
export async function startPanel(plugin, data) {
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const child = fork(new URL('./panel.mjs', import.meta.url), [String(port), data, plugin]);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('The panel did not start')));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
