import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { alertIn, Member, phoneOf, seenIn } from '../support/client-journey.js';
import { Demo, type DemoOptions } from '../support/demo.js';
import { client1, everybody } from '../support/demo-people.js';

async function started(t: TestContext, options: DemoOptions = {}): Promise<Demo> {
  const demo = await Demo.start(options);
  t.after(() => demo.stop());
  return demo;
}

test('it prints its address and the accounts, and each of them logs in', async (t) => {
  const demo = await started(t);
  assert.ok(demo.output.includes(`http://127.0.0.1:${demo.port}`));
  for (const person of everybody) {
    assert.match(demo.output, new RegExp(`${person.name}\\s+${person.password}`));
    const page = await new Member(demo.url, person).logIn();
    assert.match(seenIn(page), new RegExp(`Logout ${person.name}`));
  }
});

test('factor and sessions survive a restart', async (t) => {
  const demo = await started(t);
  const inside = new Member(demo.url, client1);
  await inside.logIn();
  const { phone, recoveryCodes } = await inside.enrol();
  await demo.restart();
  assert.equal((await inside.get('/')).status, 200, 'a session that was cleared');
  assert.match(await inside.settings(), /10 recovery codes left/);
  const again = inside.again();
  assert.equal((await again.logIn()).path, '/2fa/login');
  const spent = await again.enterCode(await phone.next());
  assert.equal(spent.location, '/');
  await demo.restart();
  const other = inside.again();
  await other.logIn();
  assert.equal((await other.enterCode(recoveryCodes[0] ?? '')).location, '/');
});

test('--period and --issuer show in the slot and hold for codes', async (t) => {
  const demo = await started(t, { args: ['--period', '60', '--issuer', 'My <b>Panel</b>, Ärger & Co'] });
  const member = new Member(demo.url, client1);
  await member.logIn();
  const page = await member.begin();
  assert.ok(seenIn(page).includes('My <b>Panel</b>, Ärger & Co'));
  assert.equal(phoneOf(page).period, 60);
  assert.match(seenIn(page), /Period\s*60 seconds/);
  const { phone } = await member.enrol();
  assert.equal(phone.period, 60);
  const again = member.again();
  await again.logIn();
  assert.equal((await again.enterCode(await phone.next())).location, '/');
});

test('localhost is sent to 127.0.0.1, a foreign name is refused', async (t) => {
  const demo = await started(t);
  const local = await asHost(demo.port, `localhost:${demo.port}`, '/login?next=%2F');
  assert.equal(local.status, 307);
  assert.equal(local.location, `${demo.url}/login?next=%2F`);
  for (const host of ['evil.test', `evil.test:${demo.port}`, '127.0.0.1', `127.0.0.1:${demo.port + 1}`]) {
    const foreign = await asHost(demo.port, host, '/login');
    assert.equal(foreign.status, 421, host);
    assert.match(foreign.body, /cannot be reached under this name/);
    assert.equal((await asHost(demo.port, host, '/2fa/login')).status, 421, host);
  }
  const page = await new Member(demo.url, client1).get('/2fa/nothing');
  assert.match(alertIn(page), /no such page/);
});

/** `fetch` does not let a test name another host. */
async function asHost(port: number, host: string, path: string) {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host } }).end();
  const [answer] = await once(asked, 'response');
  let body = '';
  for await (const part of answer) body += part;
  return { status: answer.statusCode, location: answer.headers.location, body };
}
