import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';
import { freePort } from '../support/free-port.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

/** Starts a demo panel that is not going to start: how it ended, and its lines. */
async function refused(args: readonly string[], folder = tempFolder(), port?: number) {
  const own = ['demo', '--data', folder, '--port', String(port ?? (await freePort()))];
  const began = Date.now();
  const { code, output } = await runProcess(process.execPath, [inProject('dist/cli.js'), ...own, ...args], {
    env: { REDIS_URL: undefined },
  });
  return { code, lines: output.trimEnd().split('\n'), seconds: (Date.now() - began) / 1000 };
}

function assertOneLine({ code, lines }: { code: number | null; lines: string[] }, expected: RegExp): void {
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', expected);
  assert.equal(code, 1);
}

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return address.port;
}

test('a port in use', async (t) => {
  const port = await listening(t, createServer());
  assertOneLine(await refused([], tempFolder(), port), new RegExp(`Port ${port} .*in use.*--port`));
});

test('a folder that cannot be written', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  assertOneLine(await refused([], join(file, 'data')), /data folder .*file.data cannot be written/);
});

test('a second process on the same folder', async (t) => {
  const demo = await Demo.start();
  t.after(() => demo.stop());
  assertOneLine(await refused([], demo.data), /data folder .* in use by another process/);
  assert.equal((await new Member(demo.url, client1).logIn()).status, 200, 'the first goes on');
});

test('a Redis that nobody is, or that does not answer, within ten seconds', async (t) => {
  const nobody = await freePort();
  const silent = await listening(t, createServer());
  const [gone, hung] = await Promise.all(
    [nobody, silent].map((port) => refused(['--redis', `redis://127.0.0.1:${port}`])),
  );
  for (const [port, end] of [
    [nobody, gone],
    [silent, hung],
  ] as const) {
    assert.ok(end);
    assertOneLine(end, new RegExp(`Redis at 127\\.0\\.0\\.1:${port} does not answer`));
    assert.ok(end.seconds < 25, `${end.seconds} s`);
  }
});

test('wrong options', async () => {
  for (const [option, value] of [
    ['--period', '45'],
    ['--period', 'long'],
    ['--port', '70000'],
    ['--port', 'http'],
    ['--port', '0'],
    ['--port', '80.5'],
  ] as const)
    assertOneLine(await refused([option, value]), new RegExp(`${option} .*not ${value}`));
  assertOneLine(await refused(['--colour', 'red']), /--colour/);
});

test('a setting of the plugin that its manifest refuses', async () => {
  for (const [name, value] of [
    ['issuer', ''],
    ['redis', 'http://127.0.0.1'],
  ] as const) {
    const { code, lines } = await refused([`--${name}`, value]);
    assert.match(lines.join(' '), new RegExp(`Wrong settings of panel-2fa.*${name}`));
    assert.doesNotMatch(lines.join(' '), /\bat .*\.js:/);
    assert.equal(code, 1);
  }
});
