import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { at } from './project.mjs';

/**
 * Runs `step` while no other process prepares this folder, so that `npm start` and `npm test` typed in two
 * terminals do not install into each other. The lock is an abstract socket: the kernel frees it with its
 * process, however that ends. Other systems than Linux have none; there the step runs unguarded.
 *
 * @template T
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function withLock(step) {
  if (process.platform !== 'linux') return step();
  const name = `\0panel-2fa-${createHash('sha256').update(at()).digest('hex').slice(0, 24)}`;
  let told = false;
  for (;;) {
    const release = await take(name);
    if (release) {
      try {
        return await step();
      } finally {
        release();
      }
    }
    if (!told) console.error('Another process is preparing this folder; waiting for it…');
    told = true;
    await untilFreed(name);
  }
}

/**
 * @param {string} name
 * @returns {Promise<(() => void) | undefined>} `undefined`: somebody else has it
 */
function take(name) {
  return new Promise((resolve, reject) => {
    /** @type {Set<import('node:net').Socket>} */
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
    });
    server.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () =>
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      }),
    );
  });
}

/** @param {string} name */
function untilFreed(name) {
  return new Promise((resolve) => {
    connect(name)
      .on('error', () => {})
      .on('close', resolve)
      .resume();
  });
}
