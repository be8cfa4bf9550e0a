import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MANIFEST_FILE, readManifest } from '../../src/plugin/manifest.js';
import { type Person, WRONG } from '../gateway/ispconfig/person.js';
import { RawClient } from '../gateway/raw.js';
import { alertIn } from '../support/client-journey.js';
import { elementsOf } from '../support/html-elements.js';
import type { Reply } from '../support/panel-client.js';
import { inProject } from '../support/project.js';
import { pageOf, tokenOn } from './own-pages.js';
import { startSites } from './sites.js';
import { request, tell } from './targets.js';

const ISSUER = 'Co<b>/%&"#?';
/** As long as both panels keep a name. */
const NAME = 'x<img src=x onerror=alert(1)>:/%&"\'=\u202e#?';
const SCRIPT = '<script>alert(1)</script>';

/** Nothing that somebody chose is markup. */
function assertPlain({ body, path }: Reply): void {
  assert.doesNotMatch(body, /<img src=x|<script>|<b>/, path);
  for (const { tag, attributes } of elementsOf(body)) {
    if (tag === 'script') assert.match(attributes.src ?? '', /^\/[\w/.-]+$/, path);
    assert.deepEqual(
      Object.keys(attributes).filter((name) => name.startsWith('on')),
      [],
      path,
    );
  }
}

function assertNotFramed({ headers, path }: Reply): void {
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path);
  assert.equal(headers.get('x-frame-options'), 'DENY', path);
  assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  assert.equal(headers.get('cache-control'), 'no-store', path);
}

/** Every form of ours, with what it is sent as. */
function ownForms(): { path: string; access: string }[] {
  const { mount, routes } = readManifest(inProject(MANIFEST_FILE));
  return routes
    .filter(({ method }) => method === 'POST')
    .map(({ path, access }) => ({ path: mount + path.replace(':realm/:id', 'user/3'), access }));
}

for (const site of await startSites({ issuer: ISSUER })) {
  const factor = await site.person('client1').enrol();
  const boss = site.person('admin');
  await boss.logIn();

  test(`A40 ${site.name}: a name that is markup, or turns the direction of writing, is text everywhere, and no page is framed`, async (t) => {
    const waiting = await site.person('client1').wait();
    const owner = site.person('client2');
    await owner.logIn();
    t.after(() => Promise.all([site.rename('client1', 'client1'), site.rename('client2', 'client2')]));
    await site.rename('client1', NAME);
    await site.rename('client2', NAME.replace('x', 'y'));
    const setup = await owner.begin();
    const codePage = await waiting.get('/2fa/login');
    const ours = [
      setup,
      codePage,
      await waiting.giveCode(WRONG),
      await boss.get('/2fa/accounts'),
      await boss.get(`/2fa/accounts?q=${encodeURIComponent(SCRIPT)}&size=${encodeURIComponent(SCRIPT)}`),
      await boss.get(pageOf('client1')),
      await boss.get(`/2fa/${SCRIPT.slice(1, 7)}`),
      await owner.post('/2fa/settings/register', { code: SCRIPT, twofa_csrf: SCRIPT }),
    ];
    for (const page of ours) {
      assertPlain(page);
      assertNotFramed(page);
    }
    const slot = await owner.get(site.settings);
    assert.match(slot.body, /data-twofa-copy/);
    assert.doesNotMatch(slot.body, /<img src=x/);
    for (const parameter of ['twofa', 'notice', 'next'])
      assertPlain(
        await site.person('client1').get(`${owner.ways.login}?${parameter}=${encodeURIComponent(SCRIPT)}`),
      );
    assert.match(codePage.body, /shows for <bdi>x&lt;img[^<]*<\/bdi>\./, 'the sentence goes on as it began');

    const links = elementsOf(setup.body).flatMap(({ attributes }) => attributes.href ?? []);
    const uri = links.find((link) => link.startsWith('otpauth:')) ?? '';
    const parts =
      /^otpauth:\/\/totp\/([^/:?#&"<]+):([^/:?#&"<]+)\?secret=[A-Z2-7]{32}&issuer=([^&#]+)&algorithm=SHA1&digits=6&period=30$/;
    const [, issuer = '', account = '', again = ''] = parts.exec(uri) ?? [];
    assert.equal(decodeURIComponent(issuer), ISSUER, uri);
    assert.equal(decodeURIComponent(account), NAME.replace('x', 'y'));
    assert.equal(again, issuer);
  });

  test(`A41 ${site.name}: what is too large or no form is refused by every form of ours`, async () => {
    const people: Record<string, Person> = { admin: boss, self: site.person('reseller1') };
    await people.self?.logIn();
    people.pending = await site.person('client1').wait();
    const form = 'application/x-www-form-urlencoded';
    const large = 'code='.padEnd(1_000_000, '1');
    const bodies: [body: string | Uint8Array, statuses: number[], headers: Record<string, string>][] = [
      [large, [413], {}],
      ['x=1&'.repeat(250_000), [413], {}],
      [gzipSync(large), [413, 415], { 'content-encoding': 'gzip' }],
      ['{"code":"1"}', [415], { 'content-type': 'application/json' }],
      ['code=1', [415], { 'content-type': 'multipart/form-data; boundary=x' }],
      ['code[]=1&password[a]=1&twofa_mode[]=x', [400, 403], {}],
    ];
    // Nobody of the demo stands before a step of the panel; its one form has no fields.
    for (const { path, access } of ownForms().filter((form) => form.access !== 'step'))
      for (const [body, statuses, more] of bodies) {
        const headers = { origin: site.url, 'content-type': form, ...more };
        const init = { method: 'POST', headers, body: body as BodyInit };
        const reply = await (people[access] ?? assert.fail(access)).request(path, init);
        assert.ok(statuses.includes(reply.status), `${path}: ${reply.status}`);
        assert.ok(alertIn(reply).length > 15, path);
      }
    assert.match((await people.pending.get('/2fa/login')).body, /5 tries/, 'nothing of it was a try');
  });

  test(`A41 ${site.name}: clients that never finish what they send keep nobody waiting`, async (t) => {
    const half = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 5000', '', 'code=1'];
    const starts = [
      ['GET / HT'],
      ['GET / HTTP/1.1', 'Host: x', 'X-Slow: '],
      ['POST /2fa/login HTTP/1.1', 'Host: x', ...half],
    ];
    const slow = starts.flatMap((lines) =>
      Array.from({ length: 50 }, () => new RawClient(site.port).send(...lines)),
    );
    t.after(() => {
      for (const { socket } of slow) socket.destroy();
    });
    const somebody = await site.person('client1').enter(factor);
    assert.equal(await somebody.nameInShell(), 'client1');
  });

  test(`A47 ${site.name}: a body where none belongs, a length that lies and a request inside a body open nothing`, async () => {
    const waiting = await site.person('client1').wait();
    const cookie = waiting.cookies.header;
    const { home } = waiting.ways;
    const hidden = request('GET', home, site.port, cookie).concat('', '').join('\r\n');
    const twofa_csrf = await tokenOn(waiting, '/2fa/login');
    const form = `twofa_csrf=${encodeURIComponent(twofa_csrf)}&code=${WRONG}`;
    const post = (length: number, more: string[] = []) => [
      ...request('POST', '/2fa/login', site.port, cookie).filter((line) => line !== 'Connection: close'),
      ...more,
      `Origin: ${site.url}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${length}`,
      '',
    ];
    const get = (length: number) => [
      ...request('GET', home, site.port, cookie),
      `Content-Length: ${length}`,
      '',
    ];
    const attacks: Record<string, string[]> = {
      'a GET with a body': [...get(hidden.length), hidden],
      'a GET with a body in pieces': [
        ...request('GET', home, site.port, cookie),
        'Transfer-Encoding: chunked',
        '',
        `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
      ],
      'a request inside a form': [
        ...post(form.length + 4 + hidden.length, ['Connection: close']),
        `${form}&x=\n${hidden}`,
      ],
      'a length too short': [...post(form.length), form + hidden],
      'a length of nothing': [...post(0), hidden],
      'two lengths': [...post(form.length).slice(0, -1), 'Content-Length: 0', '', form + hidden],
    };
    for (const [what, lines] of Object.entries(attacks)) {
      const { text } = await tell(site.port, lines);
      assert.doesNotMatch(text, waiting.ways.name, what);
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      assert.ok(statuses.length > 0, what);
      for (const status of statuses) assert.ok([303, 400, 403, 422].includes(status), `${what}: ${status}`);
    }
    assert.equal((await waiting.get(home)).location, '/2fa/login', 'and the login still waits');
  });
}
