import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AS_SCRIPT, type Person, WRONG } from '../gateway/ispconfig/person.js';
import { theForm } from '../support/html-forms.js';
import type { Reply } from '../support/panel-client.js';
import { Connection, type Told } from './connection.js';
import { switchOff } from './own-pages.js';
import type { Site } from './site.js';
import { secondTab, startSites } from './sites.js';

async function assertOutside({ outside }: Site, somebody: Person): Promise<void> {
  for (const path of [somebody.ways.home, '/2fa/settings', '/2fa/login'])
    assert.match((await somebody.get(path)).location ?? '', outside, path);
}

for (const site of await startSites()) {
  const factor = await site.person('client1').enrol();
  const other = await site.person('client2').enrol();
  const boss = site.person('admin');
  await boss.logIn();

  test(`A42 ${site.name}: after logout neither the second tab nor the back button nor the old cookies show anything`, async () => {
    const first = await site.person('client1').enter(factor);
    const second = secondTab(site, first);
    const page = await second.get('/2fa/settings');
    assert.equal(page.headers.get('cache-control'), 'no-store', 'the back button has to ask');
    assert.equal(await second.nameInShell(), 'client1');
    const before = secondTab(site, first);
    await site.logOut(first);
    for (const tab of [first, second, before]) await assertOutside(site, tab);
    const late = await before.submit(page, { twofa_mode: 'none' }, 'twofa-save');
    assert.match(late.location ?? '', site.outside);
    await site.person('client1').wait();
  });

  test(`A42 ${site.name}: two tabs at the code page are one login, and its page does not come back`, async () => {
    const first = await site.person('client1').wait();
    const page = await first.get('/2fa/login');
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.equal((await first.giveCode(WRONG)).status, 422);
    const second = secondTab(site, first);
    assert.match((await second.get('/2fa/login')).body, /4 tries/);
    assert.equal((await second.giveCode(factor.recoveryCode)).location, first.ways.home);
    const cleared = secondTab(site, second);
    assert.equal((await cleared.get('/2fa/login')).location, first.ways.home);
    assert.equal((await cleared.submit(page, { code: WRONG })).location, first.ways.home, 'a form of before');
    assert.equal(await cleared.nameInShell(), 'client1');
    const stale = await first.submit(page, { code: factor.recoveryCode });
    assert.equal(stale.location, '/2fa/login');
    assert.match((await first.get('/2fa/login')).body, /logged in already/, 'and it is not asked again');
    assert.equal(await cleared.nameInShell(), 'client1', 'what came late ends nothing');
  });

  test(`A42 ${site.name}: what another tab sent before the right code was accepted gets nothing and ends nothing`, async () => {
    const first = await site.person('client1').wait();
    const page = await first.get('/2fa/login');
    const before = secondTab(site, first);
    assert.equal((await first.submit(page, { code: factor.recoveryCode })).location, first.home);
    const unused = factor.recoveryCode;
    const { fields } = theForm(page.body);
    const late: Readonly<Record<string, () => Promise<Reply>>> = {
      'its page': () => before.get(before.home),
      'a poll': () => before.get('/datalogstatus.php', AS_SCRIPT),
      'a form of the panel': () => before.post(before.home, { a: 'b' }),
      'its settings': () => before.get('/2fa/settings'),
      'the code page': () => before.get('/2fa/login'),
      'the right code once more': () => before.post('/2fa/login', { ...fields, code: unused, more: '1' }),
      'a wrong code': () => before.post('/2fa/login', { ...fields, code: WRONG }),
      'no code': () => before.post('/2fa/login', { ...fields, code: '' }),
    };
    for (const [what, send] of Object.entries(late)) {
      const reply = await send();
      assert.doesNotMatch(reply.body, first.ways.name, what);
      assert.doesNotMatch(reply.location ?? '', site.outside, what);
      assert.doesNotMatch(reply.setCookies.join(), /panel-2fa=[0-9a-f]{8}\./, what);
      assert.equal(await first.nameInShell(), 'client1', what);
    }
    const told = await before.get('/2fa/login');
    assert.match(told.body, /logged in already/);
    assert.doesNotMatch(told.body, /name="code"/);
    const elsewhere = await site.person('client1').wait();
    assert.equal((await elsewhere.giveCode(unused)).location, elsewhere.home, 'no code was looked at');
    assert.match((await before.submit(told, {})).location ?? '', site.outside, 'the way out');
    await assertOutside(site, first);
  });

  test(`A42 A45 ${site.name}: an admin's reset while the code page waits: even the right code is too late`, async () => {
    const attacker = await site.person('client2').wait();
    const page = await attacker.get('/2fa/login');
    assert.equal((await switchOff(boss, 'client2', { twofa_password: boss.password })).status, 303);
    const late = await attacker.submit(page, { code: other.nextCode });
    assert.match(late.location ?? '', site.outside);
    await assertOutside(site, attacker);
    await site.later();
    const again = site.person('client2');
    await again.logIn();
    assert.equal(await again.nameInShell(), 'client2');
  });

  test(`A43 ${site.name}: a connection from before is judged at each request: after logout, expiry, lock, disable and renewal`, async (t) => {
    const open = () => {
      const connection = new Connection(site.url);
      t.after(() => connection.close());
      return connection;
    };
    const isOutside = (told: Told) => {
      assert.ok(told.reused, 'the same connection');
      assert.match(told.location, site.outside);
    };
    const { home } = boss.ways;
    const isInside = ({ body }: Told) => assert.match(body, boss.ways.name);

    for (const end of [site.logOut, site.expire]) {
      const somebody = await site.person('client1').enter(factor);
      const connection = open();
      isInside(await connection.ask(somebody, home));
      await end(secondTab(site, somebody));
      isOutside(await connection.ask(somebody, home));
      isOutside(await connection.ask(somebody, '/2fa/settings'));
    }

    const cleared = await site.person('client1').enter(factor);
    const waiting = await site.person('client1').wait();
    const page = theForm((await waiting.get('/2fa/login')).body).fields;
    const [inside, outside] = [open(), open()];
    isInside(await inside.ask(cleared, home));
    assert.equal((await outside.ask(waiting, home)).location, '/2fa/login');
    for (let login = 1; login <= 2; login += 1) {
      const guesser = await site.person('client1').wait();
      for (let wrong = 1; wrong <= 5; wrong += 1) await guesser.giveCode(WRONG);
    }
    const locked = await outside.ask(waiting, '/2fa/login', { ...page, code: factor.nextCode });
    assert.deepEqual([locked.status, locked.reused], [429, true]);
    isInside(await inside.ask(cleared, home));

    assert.equal((await switchOff(boss, 'client1', { twofa_password: boss.password })).status, 303);
    isOutside(await outside.ask(waiting, '/2fa/login', { ...page, code: factor.nextCode }));
    isOutside(await outside.ask(waiting, home));
    const owner = site.person('client1');
    await site.later();
    await owner.enrol();
    const told = await inside.ask(cleared, home);
    assert.deepEqual([told.location, told.reused], ['/2fa/login', true], 'a clearance of the factor before');
  });
}
