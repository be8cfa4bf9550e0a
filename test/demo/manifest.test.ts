import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Assets } from '../../src/http/assets.js';
import { ownPages } from '../../src/http/own-pages.js';
import type { Route, Services } from '../../src/http/services.js';
import type { Slots } from '../../src/http/slots.js';
import type { Visitors } from '../../src/http/visitor.js';
import { MANIFEST_FILE, readManifest } from '../../src/plugin/manifest.js';
import { Member } from '../support/client-journey.js';
import { Demo } from '../support/demo.js';
import { admin, client1, client2 } from '../support/demo-people.js';
import { inProject } from '../support/project.js';

const manifest = readManifest(inProject(MANIFEST_FILE));
const { mount, routes } = manifest;
type Who = 'nobody' | 'pending' | 'self' | 'admin';

let demo: Demo;
const people = new Map<Who, Member>();

before(async () => {
  demo = await Demo.start();
  const owner = new Member(demo.url, client1);
  await owner.logIn();
  await owner.enrol();
  people.set('nobody', new Member(demo.url, client1));
  people.set('pending', owner.again());
  people.set('self', new Member(demo.url, client2));
  people.set('admin', new Member(demo.url, admin));
  for (const who of ['pending', 'self', 'admin'] as const) await member(who).logIn();
});
after(() => demo.stop());

function member(who: Who): Member {
  const found = people.get(who);
  assert.ok(found);
  return found;
}

const pathOf = ({ path }: Route) =>
  mount + path.replace(':file', 'panel-2fa.css').replace(':realm', 'user').replace(':id', '3');

/** What a request without a token is answered, as `status` or `status path`. */
function expected({ access, method }: Route, who: Who): RegExp {
  if (access === 'public') return /^200$/;
  if (who === 'nobody') return /^303 \/login/;
  // A post without a token is refused before anything is said about the page.
  if (method === 'POST') return /^403$/;
  if (access === 'pending') return who === 'pending' ? /^200$/ : /^303 \/$/;
  if (who === 'pending') return /^303 \/2fa\/login$/;
  // Nobody here stands before a step of the panel.
  if (access === 'step') return /^303 \/$/;
  return access === 'admin' && who !== 'admin' ? /^403$/ : /^200$/;
}

for (const route of routes) {
  test(`${route.method} ${route.path} is for ${route.access}`, async () => {
    for (const who of people.keys()) {
      const client = member(who);
      const reply = await (route.method === 'GET'
        ? client.get(pathOf(route))
        : client.post(pathOf(route), {}));
      const answer = [reply.status, reply.location].filter((part) => part !== undefined).join(' ');
      assert.match(answer, expected(route, who), who);
    }
  });
}

test('another method than the manifest names gets 405, another path 404', async () => {
  const client = member('admin');
  for (const path of new Set(routes.map(pathOf))) {
    const listed = routes.filter((route) => pathOf(route) === path).map(({ method }) => method as string);
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !listed.includes(method));
    for (const method of others) {
      const reply = await client.request(path, { method, headers: { origin: client.origin } });
      assert.equal(reply.status, 405, `${method} ${path}`);
      assert.match(reply.body, /role="alert"/);
    }
  }
  for (const path of [
    '',
    '/',
    '/nothing',
    '/settings/nothing',
    '/accounts/user',
    '/accounts/user/3/x',
    '/assets/x',
  ])
    for (const who of people.keys())
      assert.equal((await member(who).get(mount + path)).status, 404, `${path} for ${who}`);
});

test('the manifest has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  assert.equal(manifest.version, version);
});

test('a manifest with a route too few, too many or with another access is refused', () => {
  const pagesWith = (changed: readonly Route[]) =>
    ownPages({ mount, routes: changed } as Services, {} as Visitors, {} as Slots, {} as Assets);
  assert.doesNotThrow(() => pagesWith(routes));
  for (const [index, route] of routes.entries()) {
    const name = new RegExp(route.name.replace('.', '\\.'));
    assert.throws(() => pagesWith(routes.toSpliced(index, 1)), name);
    const access = route.access === 'public' ? 'self' : 'public';
    assert.throws(() => pagesWith(routes.with(index, { ...route, access })), name);
  }
  const extra: Route = { name: 'settings.export', method: 'GET', path: '/export', access: 'self' };
  assert.throws(() => pagesWith([...routes, extra]), /settings\.export/);
});
