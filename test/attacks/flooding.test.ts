import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parallel } from '../contracts/parallel.js';
import { keyOn, type Person } from '../gateway/ispconfig/person.js';
import { RawClient } from '../gateway/raw.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { code } from '../support/oathtool.js';
import type { Reply } from '../support/panel-client.js';
import { tokenIn } from './own-pages.js';
import type { Name, Site } from './site.js';
import { startSites } from './sites.js';

const FLOODERS: readonly Name[] = ['client2', 'reseller1', 'admin'];

/** Registers many times at once what he has begun, with everything right: the dearest that one account can ask for. */
async function registrations(somebody: Person): Promise<() => Promise<Reply[]>> {
  await somebody.logIn();
  const page = await somebody.begin();
  const proof = { twofa_csrf: tokenIn(page), password: somebody.password, code: code(keyOn(page)) };
  return () => parallel(30, (n) => somebody.post('/2fa/settings/register', { ...proof, n: `${n}` }));
}

/** What the account has been charged for. */
async function chargesOf(site: Site, name: Name): Promise<{ failures: number; used: number }> {
  const where = `account_id = '${accounts[name].id}'`;
  const [row] = await site.sql(`SELECT failures, recovery_used FROM twofa_user_secret WHERE ${where}`);
  const used = Number(row?.recovery_used).toString(2).replaceAll('0', '').length;
  return { failures: Number(row?.failures), used };
}

const sites = await startSites();

for (const site of sites) {
  test(`A51 ${site.name}: while other accounts flood, a right recovery code is taken at once and costs one`, async () => {
    const factor = await site.person('client1').enrol();
    const took = { ordinary: [] as number[], flood: [] as number[] };
    for (const name of FLOODERS) {
      const flooder = site.person(name);
      const flood = await registrations(flooder);
      const ordinary = () => parallel(30, () => flooder.get('/2fa/settings'));
      for (const [kind, begin] of Object.entries({ ordinary, flood })) {
        const victim = await site.person('client1').wait();
        const page = await victim.get('/2fa/login');
        const flooding = begin();
        await new Promise((resolve) => setTimeout(resolve, 10));
        const begun = performance.now();
        const reply = await victim.submit(page, { code: factor.recoveryCode });
        took[kind as keyof typeof took].push(performance.now() - begun);
        assert.equal(reply.location, victim.ways.home, `${kind} of ${name}: ${reply.status}`);
        if (kind === 'flood') assertBounded(await flooding);
        else await flooding;
      }
    }
    assert.deepEqual(await chargesOf(site, 'client1'), { failures: 0, used: 2 * FLOODERS.length });
    // Thirty sets of codes are fifteen seconds of hashing: whoever stood behind them would wait for that.
    const [slowest, without] = [Math.max(...took.flood), Math.max(...took.ordinary)];
    assert.ok(slowest < 3 * without + 500, `${slowest} ms under the flood, ${without} ms under page views`);
  });

  test(`A51 ${site.name}: while another account floods, a right password turns 2FA off at once`, async () => {
    const victim = site.person('client2');
    await victim.enrol();
    const flood = await registrations(site.person('second'));
    const flooding = flood();
    assert.equal((await victim.turnOff()).status, 303);
    assertBounded(await flooding);
  });
}

for (const site of sites)
  test(`A60 ${site.name}: while one client asks for hundreds of pages at once, with no session, another is answered`, async () => {
    const session = `Cookie: ${site.person('client1').ways.session}=abcdefghijabcdefghij`;
    const address = 'X-Forwarded-For: 203.0.113.9';
    const asked = ['GET /index.php HTTP/1.1', `Host: 127.0.0.1:${site.port}`, session, address, '', ''];
    const crowd = Array.from({ length: 600 }, () => new RawClient(site.port));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const other = site.person('client1');
    await other.get(other.ways.login);
    const others: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (const client of crowd) client.send(...asked);
      others.push((await other.get(other.ways.login)).status);
    }
    assert.deepEqual(others, [200, 200, 200, 200, 200]);
    for (const client of crowd) {
      assert.ok(
        client.statuses.every((status) => [302, 303, 429].includes(status)),
        `${client.statuses}`,
      );
      client.socket.destroy();
    }
  });

function assertBounded(replies: readonly Reply[]): void {
  const refused = replies.filter(({ status }) => status === 503 || status === 429);
  assert.ok(refused.length > 0, 'no bound was met');
  for (const { headers, body } of refused) {
    assert.ok(Number(headers.get('retry-after')) > 0);
    assert.match(body, /again in (?:a few seconds|\d+)/);
  }
}
