import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { client1 } from '../support/demo-people.js';

const demo = await Demo.start();
after(() => demo.stop());

/** Sends what is given and goes away, politely or not, without waiting for an answer. */
function sendAndLeave(text: string, leave: 'destroy' | 'resetAndDestroy' | 'end'): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(demo.port, '127.0.0.1', () => {
      socket.write(text, () => {
        socket[leave]();
        resolve();
      });
    });
    socket.on('error', () => undefined);
  });
}

const form = (path: string, body: string, { length = body.length, cookie = '' } = {}) =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${demo.port}`,
    `Origin: ${demo.url}`,
    `Cookie: ${cookie}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${length}`,
    '',
    body,
  ].join('\r\n');

test('a client that goes away is no error, and its address is known', async () => {
  const member = new Member(demo.url, client1);
  await member.logIn();
  await member.enrol();
  const leaver = member.again();
  await leaver.logIn();
  const page = await leaver.get('/2fa/login');
  const token = /name="twofa_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? assert.fail('no token');
  const cookie = leaver.cookies.header ?? '';
  const body = `code=1234567&twofa_csrf=${token}`;
  for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
    for (const path of ['/login', '/2fa/login', '/tools/user_settings', '/2fa/settings/begin']) {
      await sendAndLeave(form(path, 'a=b', { length: 400, cookie }), leave);
      await sendAndLeave(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${demo.port}\r\n\r\n`, leave);
    }
  }
  for (const leave of ['destroy', 'end'] as const)
    await sendAndLeave(form('/2fa/login', body, { cookie }), leave);
  await demo.said(/login\.refused from 127\.0\.0\.1 for user:\d+ "client1": wrong-code/);
  assert.equal((await member.again().get('/login')).status, 200);
  assert.doesNotMatch(demo.output, /^\s+at /m, 'no stack');
  assert.doesNotMatch(demo.output, /from (unknown| )/);
});
