import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Factor, Person } from '../gateway/ispconfig/person.js';
import { switchOff } from './own-pages.js';
import type { Name, Site } from './site.js';
import { startSites } from './sites.js';

const CLEARANCE = 'panel-2fa';

/** Is asked for a code whatever he asks for, and gets nothing else. */
async function assertAsked(somebody: Person, why: string): Promise<void> {
  for (const path of [somebody.ways.home, '/2fa/settings', '/2fa/accounts', somebody.ways.login]) {
    const reply = await somebody.get(path);
    assert.equal(reply.location, '/2fa/login', `${why}: ${path}`);
  }
  const posted = await somebody.post(somebody.ways.home, { login_as: '1', s_mod: 'login' });
  assert.equal(posted.location, '/2fa/login', why);
  assert.equal(await somebody.nameInShell(), undefined, why);
}

/** A session that waits for its code, with this clearance. */
async function waitingWith(site: Site, name: Name, clearance: string): Promise<Person> {
  const somebody = await site.person(name).wait();
  somebody.cookies.set(CLEARANCE, clearance);
  return somebody;
}

function clearanceOf(somebody: Person): string {
  return somebody.cookies.get(CLEARANCE) ?? assert.fail(`${somebody.account.name} has no clearance`);
}

const sites = await startSites();
const factors = new Map<Site, Factor>();
for (const site of sites) factors.set(site, await site.person('client1').enrol());
const factorOf = (site: Site) => factors.get(site) ?? assert.fail(site.name);

for (const site of sites) {
  test(`A24 A25 ${site.name}: a session that the panel has opened in a way nobody foresaw is asked for the code`, async () => {
    const somebody = await site.openedElsewhere('client1');
    await assertAsked(somebody, 'no login of it was seen');
    assert.equal((await somebody.giveCode(factorOf(site).recoveryCode)).location, somebody.ways.home);
    assert.equal(await somebody.nameInShell(), 'client1');
    const copied = await somebody.thief().get(somebody.ways.home);
    assert.equal(copied.location, '/2fa/login', 'its cookie alone');
  });

  test(`A28 ${site.name}: a new password, however it came about, is asked for the code, and the old one opens nothing`, async () => {
    const waiting = await site.person('client1').wait();
    await site.changePassword('client1', 'fresh-Passw0rd!');
    const somebody = site.person('client1');
    await somebody.logIn();
    assert.match((await somebody.get(somebody.ways.home)).location ?? '', site.outside);
    somebody.password = 'fresh-Passw0rd!';
    await somebody.wait();
    await assertAsked(somebody, 'the new password');
    await assertAsked(waiting, 'who waited before');
    await site.changePassword('client1', site.person('client1').password);
  });

  test(`A34 ${site.name}: a clearance of another account, session or host is worth nothing`, async () => {
    const owner = await site.person('client1').enter(factorOf(site));
    const other = site.person('client2');
    await other.enrol();
    const elsewhere = sites.find((one) => one !== site) as Site;
    const foreign = await elsewhere.person('client1').enter(factorOf(elsewhere));
    for (const [whose, clearance] of [
      ['another account', clearanceOf(other)],
      ['another session', clearanceOf(owner)],
      ['another host', clearanceOf(foreign)],
    ] as const)
      await assertAsked(await waitingWith(site, 'client1', clearance), whose);
    assert.equal(await owner.nameInShell(), 'client1');
    assert.equal((await switchOff(await admin(site), 'client2', proof(site))).status, 303);
  });

  test(`A34 ${site.name}: after a disable, a reset and a move to another phone no clearance of before is left`, async () => {
    await site.later();
    let owner = site.person('client2');
    let factor = await owner.enrol();
    const changes: Record<string, () => Promise<unknown>> = {
      disable: () => owner.turnOff(),
      reset: async () => switchOff(await admin(site), 'client2', proof(site)),
      move: async () => {
        const fields = { password: owner.password, code: factor.recoveryCode };
        factor = await owner.setUp(await owner.follow(await owner.act('move', fields)));
      },
    };
    for (const [name, change] of Object.entries(changes)) {
      const inside = await site.person('client2').enter(factor);
      const before = clearanceOf(inside);
      await change();
      if (name !== 'move') {
        await site.later();
        owner = site.person('client2');
        factor = await owner.enrol();
      }
      await assertAsked(inside, `the session of before, after ${name}`);
      await assertAsked(await waitingWith(site, 'client2', before), `its clearance, after ${name}`);
      assert.equal(await owner.nameInShell(), 'client2', `who made the ${name} is in`);
    }
  });
}

async function admin(site: Site): Promise<Person> {
  const boss = site.person('admin');
  await boss.logIn();
  return boss;
}

function proof(site: Site): Record<string, string> {
  return { twofa_password: site.person('admin').password };
}
