import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Factor, keyOn, type Person, WRONG } from '../gateway/ispconfig/person.js';
import { alertIn, seenIn } from '../support/client-journey.js';
import { fieldsOf } from '../support/html-forms.js';
import { code } from '../support/oathtool.js';
import type { Reply } from '../support/panel-client.js';
import { ownPosts } from '../support/posts.js';
import { pageOf, tokenOn } from './own-pages.js';
import type { Name } from './site.js';
import { type CountedSite, startCountedSites } from './sites.js';

/** A form that somebody has before him, filled in. */
interface Form {
  readonly somebody: Person;
  readonly name: Name;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What everybody shares: client1 has this factor, client2 none at first. */
interface World {
  readonly site: CountedSite;
  readonly factor: Factor;
}

interface Act {
  /** Its route in the manifest, or the panel's page. */
  readonly route: string;
  fill(world: World): Promise<Form>;
  /** Of the answer to either; that both are the same is looked at for all. */
  readonly status: number;
  /** What the audit log has once, not twice. */
  readonly audit?: string;
  holds?(world: World, reply: Reply, sender: Person): Promise<void> | void;
}

const codesIn = ({ body }: Reply) =>
  [...body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, found]) => found ?? '');
const isInside = async (_world: World, _reply: Reply, sender: Person) => assert.ok(await sender.isInside());
const clears = (reply: Reply) => assert.match(reply.setCookies.join(), /panel-2fa=[0-9a-f]{8}\./);

async function atCodePage({ site }: World, path: string, typed: string): Promise<Form> {
  const somebody = await site.person('client1').wait();
  const twofa_csrf = await tokenOn(somebody, '/2fa/login');
  return { somebody, name: 'client1', path, fields: { twofa_csrf, code: typed } };
}

async function inSettings(name: Name, somebody: Person, act: string, fields: Form['fields']): Promise<Form> {
  const twofa_csrf = await tokenOn(somebody, '/2fa/settings');
  return { somebody, name, path: `/2fa/settings/${act}`, fields: { twofa_csrf, ...fields } };
}

async function off(site: CountedSite): Promise<Person> {
  await site.later();
  const somebody = site.person('client2');
  await somebody.logIn();
  return somebody;
}

const ACTS: readonly Act[] = [
  {
    route: 'login.submit',
    fill: (world) => atCodePage(world, '/2fa/login', world.factor.recoveryCode),
    status: 303,
    audit: 'login.recovery-code',
    holds: async (world, reply, sender) => {
      clears(reply);
      await isInside(world, reply, sender);
    },
  },
  {
    route: 'login.submit',
    fill: (world) => atCodePage(world, '/2fa/login', WRONG),
    status: 422,
    audit: 'login.refused',
    holds: async ({ site }, reply) => {
      assert.match(alertIn(reply), /is wrong|is not right/);
      assert.equal((await site.countsOf('client1')).failures, 1);
      await site.sql('UPDATE twofa_user_secret SET failures = 0');
    },
  },
  {
    route: 'login.submit',
    fill: async (world) => {
      const form = await atCodePage(world, '/2fa/login', WRONG);
      for (let wrong = 1; wrong <= 4; wrong += 1)
        assert.equal((await form.somebody.giveCode(WRONG)).status, 422);
      await world.site.sql('UPDATE twofa_user_secret SET failures = 0');
      return form;
    },
    status: 303,
    audit: 'login.refused',
    holds: ({ site }, { location = '' }) => {
      assert.match(location, site.outside);
      assert.match(location, /too-many-codes/);
    },
  },
  {
    route: 'login.cancel',
    fill: (world) => atCodePage(world, '/2fa/login/cancel', ''),
    status: 303,
    audit: 'login.cancelled',
    holds: (_world, { location }) => assert.match(location ?? '', /cancelled/),
  },
  {
    route: 'session.end',
    fill: async ({ site }) => {
      const somebody = await off(site);
      const twofa_csrf = await tokenOn(somebody, '/2fa/settings');
      return { somebody, name: 'client2', path: '/2fa/logout', fields: { twofa_csrf } };
    },
    status: 303,
    holds: ({ site }, { location = '' }) => assert.match(location, site.outside),
  },
  {
    route: 'settings.begin',
    fill: async ({ site }) => inSettings('client2', await off(site), 'begin', {}),
    status: 303,
    audit: 'enrolment.begun',
  },
  {
    route: 'settings.adopt',
    fill: async ({ site }) => {
      const somebody = await off(site);
      await somebody.begin();
      return inSettings('client2', somebody, 'adopt', { password: somebody.password, code: WRONG });
    },
    status: 422,
    audit: 'enrolment.refused',
    holds: (_world, reply) => assert.match(alertIn(reply), /can no longer be taken over/),
  },
  {
    route: 'settings.register',
    fill: async ({ site }) => {
      const somebody = await off(site);
      const proof = { password: somebody.password, code: code(keyOn(await somebody.begin())) };
      return inSettings('client2', somebody, 'register', proof);
    },
    status: 200,
    audit: 'enrolment.registered',
    holds: (_world, reply) => assert.equal(codesIn(reply).length, 10),
  },
  {
    route: 'settings.save',
    fill: async ({ site }) => {
      const somebody = await off(site);
      const page = await somebody.begin();
      const proof = { password: somebody.password, code: code(keyOn(page)) };
      const registered = await somebody.submit(page, proof, 'twofa-setup');
      const fields = { ...fieldsOf(registered.body, 'twofa-save'), twofa_mode: '2fa' };
      return { somebody, name: 'client2', path: '/2fa/settings/save', fields };
    },
    status: 303,
    audit: 'factor.activated',
    holds: async (world, reply, sender) => {
      clears(reply);
      await isInside(world, reply, sender);
      await sender.turnOff();
    },
  },
  {
    route: 'settings.save',
    fill: async ({ site }) => {
      const somebody = await off(site);
      await somebody.setUp(await somebody.begin());
      const proof = { twofa_password: somebody.password, twofa_confirm: somebody.password };
      return inSettings('client2', somebody, 'save', { twofa_mode: 'none', ...proof });
    },
    status: 303,
    audit: 'factor.disabled',
    holds: isInside,
  },
  {
    route: 'accounts.save',
    fill: async ({ site }) => {
      const theirs = await off(site);
      await theirs.setUp(await theirs.begin());
      const somebody = site.person('admin');
      await somebody.logIn();
      const proof = { twofa_shown: 'active', twofa_password: somebody.password };
      const twofa_csrf = await tokenOn(somebody, pageOf('client2'));
      return { somebody, name: 'admin', path: pageOf('client2'), fields: { twofa_csrf, ...proof } };
    },
    status: 303,
    audit: 'factor.disabled-by-admin',
    holds: (_world, { location }) => assert.equal(location, pageOf('client2')),
  },
  {
    route: 'settings.move',
    fill: async ({ site, factor }) => {
      const somebody = await site.person('client1').enter(factor);
      return inSettings('client1', somebody, 'move', {
        password: somebody.password,
        code: factor.recoveryCode,
      });
    },
    status: 303,
    audit: 'enrolment.begun',
  },
  {
    route: 'settings.abandon',
    fill: async ({ site, factor }) => {
      const somebody = await site.person('client1').enter(factor);
      await somebody.act('move', { password: somebody.password, code: factor.recoveryCode });
      return inSettings('client1', somebody, 'abandon', {});
    },
    status: 303,
    holds: isInside,
  },
  {
    route: 'settings.renew',
    fill: async ({ site, factor }) => {
      const somebody = await site.person('client1').enter(factor);
      const proof = { password: somebody.password, code: factor.recoveryCode };
      return inSettings('client1', somebody, 'recovery-codes', proof);
    },
    status: 200,
    audit: 'recovery-codes.renewed',
    holds: async ({ site, factor }, reply) => {
      const shown = codesIn(reply);
      assert.equal(shown.length, 10);
      const fresh = await site.person('client1').wait();
      assert.equal(
        (await fresh.giveCode(shown[0] ?? '')).location,
        fresh.home,
        'the codes shown are the live ones',
      );
      factor.learn(shown.slice(1));
    },
  },
];

/** The same browser once more, as it was: whatever the first answer brings is not there yet. */
function asBefore(site: CountedSite, { somebody, name }: Form): Person {
  const twin = site.person(name);
  for (const cookie of somebody.cookies.names) twin.cookies.set(cookie, somebody.cookies.get(cookie));
  return twin;
}

/** What somebody sees of an answer, without the seconds that pass. */
const seen = (reply: Reply) => ({
  status: reply.status,
  location: reply.location,
  text: seenIn(reply).replaceAll(/\d+ (seconds?|minutes?)|next code:\s*\d+/g, '…'),
});

const WAYS = {
  'at the same moment': (send: readonly (() => Promise<Reply>)[]) => Promise.all(send.map((one) => one())),
  'one after the other': async (send: readonly (() => Promise<Reply>)[]) => {
    const replies: Reply[] = [];
    for (const one of send) replies.push(await one());
    return replies;
  },
};

for (const site of await startCountedSites()) {
  const world: World = { site, factor: await site.person('client1').enrol() };
  const rowsOf = async (action: string) => {
    const [row] = await site.sql(`SELECT COUNT(*) AS n FROM twofa_audit WHERE action = '${action}'`);
    return Number(row?.n);
  };

  for (const [way, sendAll] of Object.entries(WAYS)) {
    for (const [index, act] of ACTS.entries()) {
      test(`A58 ${site.name}: ${act.route} (${index}) sent twice ${way} is one act with one answer`, async () => {
        const form = await act.fill(world);
        const before = act.audit ? await rowsOf(act.audit) : 0;
        const senders = [form.somebody, asBefore(site, form)] as const;
        const send = async (sender: Person) => {
          const reply = await sender.post(form.path, form.fields);
          // A store was late, as on a busy machine.
          return reply.status === 503 ? sender.post(form.path, form.fields) : reply;
        };
        const replies = await sendAll(senders.map((sender) => () => send(sender)));
        const [first, second] = replies as [Reply, Reply];
        assert.equal(first.status, act.status, seenIn(first));
        assert.deepEqual(seen(second), seen(first));
        if (act.audit) assert.equal((await rowsOf(act.audit)) - before, 1);
        await act.holds?.(world, second, senders[1]);
      });
    }
  }

  test(`A58 ${site.name}: the kept answer is for the same session and form alone, and ends with the session`, async () => {
    const { factor } = world;
    const owner = await site.person('client1').enter(factor);
    const proof = { password: owner.password, code: factor.recoveryCode };
    const renewal = await inSettings('client1', owner, 'recovery-codes', proof);
    const shown = codesIn(await owner.post(renewal.path, renewal.fields));
    factor.learn(shown);
    const refused = async (who: Person, fields: Form['fields'] = renewal.fields) => {
      const reply = await who.post(renewal.path, fields);
      assert.deepEqual(codesIn(reply), [], `${reply.status}`);
      return reply;
    };
    assert.equal((await refused(owner.thief())).location, '/2fa/login', 'the session without its clearance');
    const other = await site.person('client1').enter(factor);
    assert.equal((await refused(other)).status, 403, 'another session of the same account');
    const fresh = await tokenOn(owner, '/2fa/settings');
    assert.match(
      alertIn(await refused(owner, { ...renewal.fields, twofa_csrf: fresh })),
      /used already|wrong|is not right/,
    );
    const twofa_csrf = renewal.fields.twofa_csrf ?? '';
    await refused(owner, {
      ...renewal.fields,
      twofa_csrf: `${twofa_csrf.slice(0, -1)}${twofa_csrf.endsWith('A') ? 'B' : 'A'}`,
    });
    assert.deepEqual(codesIn(await owner.post(renewal.path, renewal.fields)), shown, 'himself');
    await site.logOut(owner);
    assert.match((await refused(owner)).location ?? '', site.outside);
  });

  test(`A58 ${site.name}: a form of which only half arrived is nothing, and sent again it is taken`, async () => {
    const { somebody, path, fields } = await atCodePage(world, '/2fa/login', world.factor.recoveryCode);
    const body = new URLSearchParams(fields).toString();
    const half = request(somebody.origin + path, {
      method: 'POST',
      headers: {
        cookie: somebody.cookies.header,
        origin: site.url,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(body.length),
      },
    });
    half.on('error', () => undefined);
    half.write(body.slice(0, -1));
    await sleep(200);
    half.destroy();
    assert.equal((await somebody.post(path, fields)).location, somebody.home);
  });

  test(`A58 ${site.name}: another code in the same form is another act, and a login that is over is not opened again`, async () => {
    const form = await atCodePage(world, '/2fa/login', WRONG);
    const send = (typed: string) => form.somebody.post(form.path, { ...form.fields, code: typed });
    assert.equal((await send(WRONG)).status, 422);
    const right = world.factor.recoveryCode;
    const thief = form.somebody.thief();
    assert.equal((await send(right)).location, form.somebody.home);
    assert.equal((await thief.post(form.path, { twofa_csrf: 'x', code: right })).status, 403);
    await site.logOut(form.somebody);
    const after = await send(right);
    assert.match(after.location ?? '', site.outside);
    assert.deepEqual(
      after.setCookies.filter((line) => line.includes('panel-2fa')),
      [],
    );
  });
}

/** Leaves a step of the panel, which only some logins have, and does what `session.end` does. */
const LEAVES = 'step.leave';

test('A58 every form of ours is in the table', () => {
  const routes = ownPosts().map(({ route }) => route);
  const known = [LEAVES, ...ACTS.map(({ route }) => route)];
  assert.deepEqual(
    routes.filter((route) => route === undefined || !known.includes(route)),
    [],
  );
});
