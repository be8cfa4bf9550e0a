import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqlite } from '../../attacks/sqlite.js';
import { theForm } from '../../support/html-forms.js';
import { accounts } from '../../support/ispconfig/accounts.js';
import { code } from '../../support/oathtool.js';
import type { Reply } from '../../support/panel-client.js';
import { keyOn, type Person, WRONG } from './person.js';
import { behindGateway } from './setup.js';

const { person, database, gateway } = await behindGateway({ standIn: { sessionTimeout: 10 } });
await database.query("REPLACE INTO sys_config VALUES ('interface', 'session_timeout', '10')");
const sql = await openSqlite(join(gateway.folder, 'panel-2fa.sqlite'));
const { client1, client2, client3, admin } = accounts;
const factor = await person(client1).enrol();
const ENDED = '/login/?twofa=ended';

const nextCode = () => code(factor.key, { at: Date.now() / 1000 + 30 });

/** All sessions have been idle for longer than the panel takes. */
const idle = () => database.query('UPDATE sys_session SET last_updated = NOW() - INTERVAL 11 MINUTE');
/** As the panel does when its maintenance mode is saved. */
const deleted = () => database.query('DELETE FROM sys_session');
const fieldsOf = (page: Reply, id?: string) =>
  ({ ...theForm(page.body, id).fields }) as Record<string, string>;

interface Case {
  readonly of: Person;
  readonly path: string;
  readonly fields: Record<string, string>;
}
const CASES: Readonly<Record<string, () => Promise<Case>>> = {
  'a code': () => atCode(nextCode()),
  'a recovery code': () => atCode(factor.recoveryCode),
  'a wrong code': () => atCode(WRONG),
  'a registration': async () => {
    const of = person(client2);
    await of.logIn();
    const page = await of.begin();
    const more = { password: of.password, code: code(keyOn(page)) };
    return { of, path: '/2fa/settings/register', fields: { ...fieldsOf(page, 'twofa-setup'), ...more } };
  },
  'new recovery codes': () => own('recovery-codes', (of) => ({ password: of.password })),
  'a new phone': () => own('move', (of) => ({ password: of.password })),
  'turning it off': () =>
    own('save', (of) => ({ twofa_mode: 'none', twofa_password: of.password, twofa_confirm: of.password })),
  'turning it off for somebody': async () => {
    const of = person(admin);
    await of.logIn();
    const page = await of.get('/2fa/accounts/user/3');
    const fields = { ...fieldsOf(page, 'twofa-account'), twofa_password: of.password };
    return { of, path: '/2fa/accounts/user/3', fields };
  },
};

async function atCode(typed: string): Promise<Case> {
  const of = await person(client1).wait();
  return { of, path: '/2fa/login', fields: { ...fieldsOf(await of.get('/2fa/login')), code: typed } };
}

async function own(act: string, more: (of: Person) => Record<string, string>): Promise<Case> {
  const of = await person(client1).enter(factor);
  const { twofa_csrf = '' } = fieldsOf(await of.get('/2fa/settings'), 'twofa-save');
  const fields = { twofa_csrf, code: nextCode(), ...more(of) };
  return { of, path: `/2fa/settings/${act}`, fields };
}

const WAYS = [
  { how: 'is too old for the panel', end: idle, from: 'a page', headers: {} },
  {
    how: 'was deleted by it',
    end: deleted,
    from: 'our script',
    headers: { 'x-twofa-slot': 'pageForm', 'sec-fetch-dest': 'empty' },
  },
];

/** All that is spent by a try: steps, recovery codes, failures in a row. */
const spent = async () =>
  JSON.stringify([
    await sql('SELECT * FROM twofa_user_secret'),
    await sql('SELECT * FROM twofa_mail_user_secret'),
  ]);

for (const [what, prepare] of Object.entries(CASES))
  for (const { how, end, from, headers } of WAYS)
    test(`${what} in a session that ${how}, sent by ${from}: nothing is spent, and the login page says why`, async () => {
      const { of, path, fields } = await prepare();
      const before = await spent();
      await end();
      const reply = await of.post(path, fields, headers);
      assert.deepEqual([reply.status, reply.location], [303, ENDED]);
      assert.equal(await spent(), before);
      const page = await of.get(ENDED);
      assert.match(page.body, /Your session has ended\. Nothing was saved, and no code was used up\./);
      assert.equal((await of.post(path, fields)).location, ENDED, 'also when it is sent again');
      if (what !== 'a recovery code') return;
      await of.logIn();
      assert.equal((await of.giveCode(fields.code ?? '')).location, '/index.php', 'the code is still good');
    });

test('whoever logs out or cancels twice is not told that something ended', async () => {
  const of = person(client3);
  await of.logIn();
  const { twofa_csrf = '' } = fieldsOf(await of.get('/2fa/settings'), 'twofa-save');
  for (let n = 0; n < 2; n += 1)
    assert.equal((await of.post('/2fa/logout', { twofa_csrf })).location, '/login/');
});
