import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Person, WRONG } from '../gateway/ispconfig/person.js';
import { accounts } from '../support/ispconfig/accounts.js';
import { installed } from './installation.js';

/** Each supported Node, and the newest on the systemd of both Debians. */
const PLACES = [
  ['bookworm', '20'],
  ['bookworm', '22'],
  ['bookworm', '24'],
  ['trixie', '24'],
] as const;

/** deploy/README.md, "Who owns what", of what is there while the service runs. */
const OWNERS = [
  ['/etc/panel-2fa', 'root:root 755'],
  ['/etc/panel-2fa/gateway.json', 'root:panel-2fa 640'],
  ['/var/lib/panel-2fa', 'panel-2fa:www-data 700'],
  ['/var/lib/panel-2fa/key', 'panel-2fa:www-data 400'],
  ['/var/lib/panel-2fa/lock.sqlite', 'panel-2fa:www-data 600'],
  ['/var/lib/panel-2fa/panel-2fa.sqlite', 'panel-2fa:www-data 600'],
  ['/var/lib/panel-2fa/panel-2fa.sqlite-wal', 'panel-2fa:www-data 600'],
  ['/var/lib/panel-2fa/panel-2fa.sqlite-shm', 'panel-2fa:www-data 600'],
  ['/run/panel-2fa', 'panel-2fa:www-data 750'],
  ['/run/panel-2fa/gateway.sock', 'panel-2fa:www-data 660'],
  ['/run/ispconfig', 'panel-2fa:root 700'],
];

/** Made by the first rotation, which root's command does. */
const AFTER_ROTATION = ['/var/lib/panel-2fa/key.lock', 'panel-2fa:www-data 600'];

const CONFIG = '--config /etc/panel-2fa/gateway.json';

for (const [suite, major] of PLACES) {
  test(`the unit of deploy/ under systemd on ${suite}, with Node ${major}`, async (t) => {
    const { machine, origin } = await installed(suite, major);
    const property = (name: string) => machine.ask(`systemctl show panel-2fa -p ${name} --value`);
    const assertOwners = async (owners: readonly string[][]) => {
      for (const [path = '', expected] of owners)
        assert.equal(await machine.ask(`stat -c '%U:%G %a' ${path}`), expected, path);
    };
    const journal = () => machine.ask('journalctl -u panel-2fa -o cat --no-pager');

    await t.test('is understood by systemd, and exposed to 2.0 at most', async () => {
      assert.equal(await machine.ask('systemd-analyze verify panel-2fa.service 2>&1'), '');
      const report = await machine.ask('systemd-analyze security --offline=true panel-2fa.service');
      const [, exposure = ''] = /exposure level for panel-2fa\.service: (\S+)/.exec(report) ?? [];
      assert.ok(Number(exposure) <= 2.0, report);
    });

    await t.test('is active once it listens, and writes so into the journal', async () => {
      await machine.ask('systemctl enable --now panel-2fa 2>&1');
      assert.equal(await machine.ask('systemctl is-active panel-2fa'), 'active');
      assert.match(await journal(), /"msg":"the gateway listens"/);
      assert.match(await machine.ask('node --version'), new RegExp(`^v${major}\\.`));
      const names = await machine.ask('journalctl -u panel-2fa -o json --no-pager | grep "gateway listens"');
      assert.equal(JSON.parse(names).SYSLOG_IDENTIFIER, 'panel-2fa');
    });

    await t.test('owns what the guide says, in the modes that it says', async () => {
      await assertOwners(OWNERS);
    });

    const person = new Person(origin, accounts.client1);
    const factor = await person.enrol();
    await t.test('lets people in with their code, and keeps those out who have none', async () => {
      const later = new Person(origin, accounts.client1);
      await later.wait();
      assert.equal(await later.isInside(), false);
      assert.equal((await later.giveCode(WRONG)).status, 422);
      await later.giveCode(factor.recoveryCode);
      assert.ok(await later.isInside());
    });

    await t.test("root's commands work on it, and leave it its files", async () => {
      assert.match(await machine.ask(`panel-2fa keys rotate ${CONFIG}`), /\S/);
      assert.match(await machine.ask(`panel-2fa audit verify ${CONFIG}`), /\S/);
      assert.match(await machine.ask(`panel-2fa prune ${CONFIG}`), /\S/);
      const { code, output } = await machine.run(`panel-2fa doctor ${CONFIG}`);
      // The tree has no web server: nobody answers at the public address from within.
      const problems = output.split('\n').filter((line) => line.startsWith('problem'));
      assert.deepEqual(
        problems.filter((line) => !line.includes(`Nothing answers at ${origin}`)),
        [],
        output,
      );
      assert.equal(code, 1);
      assert.match(output, /^ok .*belongs to whom it should/m);
      await assertOwners([...OWNERS, AFTER_ROTATION]);
      assert.ok(await person.isInside(), 'the rotation has thrown somebody out');
    });

    await t.test('finishes what runs when it is stopped, and has everything after a restart', async () => {
      const since = await property('InvocationID');
      const socket = connect(machine.outside('/run/panel-2fa/gateway.sock')).setEncoding('utf8');
      const host = new URL(origin).host;
      socket.write(`POST /login/ HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: close\r\n`);
      socket.write('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nuser');
      const restarted = machine.ask('systemctl restart panel-2fa');
      await delay(1_000);
      socket.write('name=x');
      assert.match((await text(socket)).slice(0, 12), /^HTTP\/1\.1 [234]/);
      await restarted;
      assert.notEqual(await property('InvocationID'), since);
      assert.ok(await person.isInside(), 'who was cleared is asked again');
      const later = await new Person(origin, accounts.client1).enter(factor);
      assert.ok(await later.isInside());
    });

    await t.test('comes back by itself when it crashes', async () => {
      const before = await property('MainPID');
      await machine.ask(`kill -SEGV ${before}`);
      for (let tries = 0; (await property('NRestarts')) === '0' && tries < 50; tries += 1) await delay(200);
      for (let tries = 0; (await property('ActiveState')) !== 'active' && tries < 50; tries += 1)
        await delay(200);
      assert.notEqual(await property('MainPID'), before);
      assert.ok(await person.isInside());
    });

    await t.test('is stopped in no time, with success, and its socket is gone', async () => {
      const before = Date.now();
      await machine.ask('systemctl stop panel-2fa');
      assert.ok(Date.now() - before < 5_000);
      assert.deepEqual([await property('Result'), await property('ActiveState')], ['success', 'inactive']);
      assert.notEqual((await machine.run('test -e /run/panel-2fa/gateway.sock')).code, 0);
    });

    await t.test(
      'a start that cannot succeed says why in the journal, and is not "active" meanwhile',
      async () => {
        await machine.ask('sed -i "s/127.0.0.1:3306/127.0.0.1:3307/" /etc/panel-2fa/gateway.json');
        assert.notEqual((await machine.run('systemctl start panel-2fa')).code, 0);
        assert.match(await journal(), /panel.*database.*(ECONNREFUSED|3307)/i);
        await machine.ask('systemctl stop panel-2fa');
      },
    );
  });
}
