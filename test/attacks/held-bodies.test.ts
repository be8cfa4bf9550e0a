import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../gateway/ispconfig/person.js';
import { type Form, framings, HeldRequest } from './held-request.js';
import { switchOff, tokenOn } from './own-pages.js';
import type { Name, Site } from './site.js';
import { secondTab, startSites } from './sites.js';

/** Until the gate has decided about the heads of what was sent. */
const DECIDED = 400;
/** More than is kept back. */
const PAD = { pad: 'x'.repeat(150_000) };

interface Meanwhile {
  readonly what: string;
  readonly who: Name;
  readonly happens: (site: Site, tab: Person) => Promise<unknown>;
  /** Where the answers send instead; without it the forms are carried out. */
  readonly sends?: (site: Site) => RegExp;
  readonly undo?: (site: Site) => Promise<unknown>;
}

const home = ({ name }: Site) => (name === 'demo' ? /^\/$/ : /^\/index\.php$/);
const outside = (site: Site) => site.outside;
let lastEnrolled: Person;

const table: readonly Meanwhile[] = [
  { what: 'nothing', who: 'client2', happens: async () => undefined },
  { what: 'logout', who: 'client2', happens: (site, tab) => site.logOut(tab), sends: outside },
  {
    what: 'the end of the session',
    who: 'client2',
    happens: (site, tab) => site.expire(tab),
    sends: outside,
  },
  {
    what: 'the removal of the account',
    who: 'client2',
    happens: (site) => site.block('client2', true),
    sends: outside,
    undo: (site) => site.block('client2', false),
  },
  {
    what: '2FA being turned on elsewhere',
    who: 'client2',
    happens: async (site) => {
      lastEnrolled = site.person('client2');
      await lastEnrolled.enrol();
    },
    sends: () => /^\/2fa\/login$/,
    undo: () => lastEnrolled.turnOff(),
  },
  {
    what: 'login as somebody else',
    who: 'admin',
    happens: (site, tab) => site.become(tab, 'client1'),
    sends: home,
  },
  {
    what: 'the loss of a role',
    who: 'admin',
    happens: (site) => site.setRole('admin', 'client'),
    sends: (site) => (site.name === 'demo' ? home(site) : site.outside),
    undo: (site) => site.setRole('admin', 'admin'),
  },
];

function hold(site: Site, somebody: Person, path: string, fields: Record<string, string>): Form {
  return {
    path,
    body: new URLSearchParams(fields).toString(),
    headers: [
      `Host: 127.0.0.1:${site.port}`,
      `Origin: ${site.url}`,
      `Cookie: ${somebody.cookies.header}`,
      'Content-Type: application/x-www-form-urlencoded',
    ],
  };
}

/** All forms at once, whole after `happens`: where the answers send. */
async function heldAcross(
  { port }: Site,
  forms: readonly Form[],
  happens: () => Promise<unknown>,
): Promise<Record<string, string>> {
  const held = Object.entries(framings).flatMap(([framing, parts]) =>
    forms.map((form) => {
      const name = `${framing}, ${form.path}`;
      return [name, new HeldRequest(port, parts(form))] as const;
    }),
  );
  await delay(DECIDED);
  await happens();
  return Object.fromEntries(
    await Promise.all(held.map(async ([name, request]) => [name, await request.finish()] as const)),
  );
}

for (const site of await startSites()) {
  for (const { what, who, happens, sends, undo } of table) {
    const across = async (pad: Record<string, string>, expected: RegExp) => {
      const somebody = site.person(who);
      await somebody.logIn();
      await site.later();
      const { path, fields } = await site.languageForm(somebody, 'de');
      const forms = [hold(site, somebody, path, { ...fields, ...pad })];
      if (sends && who === 'client2') {
        const own = { twofa_csrf: await tokenOn(somebody, '/2fa/settings') };
        forms.push(hold(site, somebody, '/2fa/settings/begin', own));
      }
      const before = await site.languageOf(who);
      const places = await heldAcross(site, forms, () => happens(site, secondTab(site, somebody)));
      for (const [name, place] of Object.entries(places)) assert.match(place, expected, name);
      assert.equal(await site.languageOf(who), sends ? before : 'de');
      await undo?.(site);
      await site.panelSql(`UPDATE ${site.name === 'demo' ? 'panel_user' : 'sys_user'} SET language = 'en'`);
    };

    test(`A49 ${site.name}: across ${what}`, () => across({}, sends?.(site) ?? /user_settings/));

    // The demo panel takes no form as large as this. Of others the panel has a part, so the session ends first.
    if (site.name === 'gateway') {
      const expected = sends ? new RegExp(`${site.outside.source}|^/2fa/login$`) : /user_settings/;
      test(`A49 ${site.name}: an upload across ${what}`, () => across(PAD, expected));
    }
  }

  test(`A49 ${site.name}: across an admin's disabling: who had shown a code goes on`, async () => {
    const owner = site.person('client1');
    await owner.enrol();
    const boss = site.person('admin');
    await boss.logIn();
    const { path, fields } = await site.languageForm(owner, 'de');
    const forms = [hold(site, owner, path, fields)];
    const places = await heldAcross(site, forms, () =>
      switchOff(boss, 'client1', { twofa_password: boss.password }),
    );
    for (const [name, place] of Object.entries(places)) assert.match(place, /user_settings/, name);
    assert.equal(await site.languageOf('client1'), 'de');
  });
}
