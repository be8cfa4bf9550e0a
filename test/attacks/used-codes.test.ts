import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
import type { Person } from '../gateway/ispconfig/person.js';
import { alertIn } from '../support/client-journey.js';
import type { Reply } from '../support/panel-client.js';
import { startCountedSites } from './sites.js';

const sites = await startCountedSites();
beforeEach(() => Promise.all(sites.map((site) => site.reset())));

for (const site of sites) {
  const waiting = (count: number) => parallel(count, () => site.person('client1').wait());

  /** Twenty posts at once, out of four pending logins; how many of these got in. The same form again gets the same answer. */
  async function twenty(codeOf: (index: number) => string): Promise<number> {
    const attackers = await waiting(4);
    const pages = await Promise.all(attackers.map((attacker) => attacker.get('/2fa/login')));
    const replies = await parallel(20, (index) => {
      const page = pages[index % 4];
      assert.ok(page);
      return (attackers[index % 4] as Person).submit(page, { code: codeOf(index) });
    });
    const clears = ({ setCookies }: Reply) => setCookies.some((line) => line.startsWith('panel-2fa='));
    return new Set(replies.flatMap((reply, index) => (clears(reply) ? [index % 4] : []))).size;
  }

  test(`A9 ${site.name}: one code twenty times at once, in four pending logins, opens one; later none`, async () => {
    const factor = await site.person('client1').enrol();
    const code = factor.nextCode;
    assert.equal(await twenty(() => code), 1);
    await site.sql('UPDATE twofa_user_secret SET failures = 0, locked_until = NULL');
    const [late] = (await waiting(1)) as [Person];
    assert.match(alertIn(await late.giveCode(code)), /already been used|code is wrong/);
  });

  test(`A10 ${site.name}: the code of the registration, and an older one after a newer, are refused`, async () => {
    const factor = await site.person('client1').enrol();
    const [early] = (await waiting(1)) as [Person];
    assert.match(alertIn(await early.giveCode(factor.registered)), /already been used.*wait|code is wrong/is);
    const [owner] = (await waiting(1)) as [Person];
    assert.equal((await owner.giveCode(factor.nextCode)).location, owner.home);
    const [late] = (await waiting(1)) as [Person];
    assert.match(alertIn(await late.giveCode(factor.registered)), /already been used|code is wrong/);
    assert.equal(await late.isInside(), false);
  });

  test(`A11 ${site.name}: one recovery code twenty times at once, in every spelling: one login, one code less`, async () => {
    const { recoveryCode: code } = await site.person('client1').enrol();
    const spellings = [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `];
    assert.equal(await twenty((index) => spellings[(index >> 2) % 4] ?? ''), 1);
    assert.equal((await site.countsOf('client1')).used, 1);
    await site.sql('UPDATE twofa_user_secret SET failures = 0, locked_until = NULL');
    for (const spelling of spellings) {
      const [late] = (await waiting(1)) as [Person];
      assert.equal((await late.giveCode(spelling)).status, 422, spelling);
    }
    assert.equal((await site.countsOf('client1')).used, 1);
  });

  test(`A12 ${site.name}: two different recovery codes at once are both good, and none is burned for nothing`, async () => {
    const factor = await site.person('client1').enrol();
    const both = [factor.recoveryCode, factor.recoveryCode];
    const attackers = await waiting(2);
    const replies = await parallel(2, (index) => (attackers[index] as Person).giveCode(both[index] ?? ''));
    for (const { location } of replies) assert.equal(location, attackers[0]?.home);
    assert.equal((await site.countsOf('client1')).used, 2);
  });

  test(`A13 ${site.name}: recovery codes from before a renewal, and from before off and on, are refused`, async () => {
    const owner = site.person('client1');
    const factor = await owner.enrol();
    const renewed = await owner.renew(factor.nextCode);
    assert.equal(renewed.length, 10);
    const refused = async (code: string) => {
      const [attacker] = (await waiting(1)) as [Person];
      assert.match(alertIn(await attacker.giveCode(code)), /recovery code is not right/);
    };
    await refused(factor.recoveryCode);
    const [first = '', second = ''] = renewed;
    const [user] = (await waiting(1)) as [Person];
    assert.equal((await user.giveCode(first)).location, user.home);
    assert.equal((await owner.turnOff()).status, 303);
    await site.later();
    const again = await site.person('client1').enrol();
    await refused(second);
    await refused(factor.recoveryCode);
    await site.person('client1').enter(again);
  });
}
