import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { PanelDatabase } from '../../../../src/hosts/ispconfig/people/panel-database.js';
import { Passwords } from '../../../../src/hosts/ispconfig/people/passwords.js';
import { ApiAccounts } from '../../../../src/hosts/ispconfig/remote/api-accounts.js';
import { PASSWORD, type PanelTables, startPanelTables } from '../panel-tables.js';

/** An older installation, a fresh 3.3, an updated one, and what servers of today give by themselves. */
const COLLATIONS = [
  'utf8mb3_general_ci',
  'utf8mb4_general_ci',
  'utf8mb4_unicode_ci',
  'utf8mb4_unicode_520_ci',
  'utf8mb4_uca1400_ai_ci',
];
/** How a panel talks to its server: `db_charset` of its configuration. */
const PANEL_CHARSETS = ['UTF8_GENERAL_CI', 'UTF8MB4_GENERAL_CI'];

/** Other spellings of a name: some are the same name to some collations, and some to none. */
const SPELLINGS: Readonly<Record<string, (name: string) => string>> = {
  'as it is': (name) => name,
  'upper case': (name) => name.toUpperCase(),
  'a blank at the end': (name) => `${name} `,
  'blanks at the end': (name) => `${name}   `,
  'a blank before': (name) => ` ${name}`,
  'a tab at the end': (name) => `${name}\t`,
  'an accent, composed (NFC)': (name) => name.replace('e', 'é'),
  'an accent, decomposed (NFD)': (name) => name.replace('e', 'e\u0301'),
  'a mark at the end': (name) => `${name}\u0301`,
  'full width': (name) => name.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'one letter full width': (name) => `${String.fromCharCode(name.charCodeAt(0) + 0xfee0)}${name.slice(1)}`,
  superscript: (name) => name.replace('1', '¹'),
  'a dotless i': (name) => name.replace('i', '\u0131'),
  'a zero-width space at the end': (name) => `${name}\u200b`,
  'a zero-width space within': (name) => `${name.slice(0, 2)}\u200b${name.slice(2)}`,
  'a zero-width joiner': (name) => `${name.slice(0, 2)}\u200d${name.slice(2)}`,
  'a byte order mark': (name) => `\ufeff${name}`,
  'a soft hyphen': (name) => `${name}\u00ad`,
  'a NUL': (name) => `${name}\0`,
  'a no-break space': (name) => `${name}\u00a0`,
  'an ideographic space': (name) => `${name}\u3000`,
  'a mathematical digit': (name) => name.replace('1', '\u{1d7cf}'),
  'a mathematical letter': (name) => name.replace('c', '\u{1d41c}'),
  'an emoji': (name) => `${name}\u{1f600}`,
  'another name': (name) => `${name}x`,
};

let panel: PanelTables;
let database: PanelDatabase;
let passwords: Passwords;
let accounts: ApiAccounts;
before(async () => {
  panel = await startPanelTables();
  await panel.server.execute(
    "INSERT INTO dbispconfig.remote_session (remote_session, remote_userid, client_login) VALUES ('client1of', 3, 1), ('ofapi', 1, 0)",
  );
  database = new PanelDatabase(panel.url);
  passwords = new Passwords(database);
  accounts = new ApiAccounts({ database, passwords, needsCode: async ({ id }) => id === '3' });
});
after(async () => {
  await Promise.all([passwords.close(), database.close()]);
  await panel.stop();
});

/** How many rows such a panel finds for a value, as it asks: with the value in the statement. */
async function foundBy(charset: string, column: string, value: string): Promise<number> {
  const connection = await createConnection({
    socketPath: panel.server.socket,
    user: 'root',
    database: 'dbispconfig',
    charset,
  });
  try {
    const [table, name] = column.split('.');
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS found FROM ${table} WHERE ${name} = ?`,
      [value],
    );
    return Number(rows[0]?.found);
  } catch (error) {
    // A text that no row could hold is a failure of the panel's, not a login.
    if ((error as NodeJS.ErrnoException).code === 'ER_CANT_AGGREGATE_2COLLATIONS') return 0;
    throw error;
  } finally {
    await connection.end();
  }
}

const login = (username: string) =>
  accounts.judge({ method: 'login', username, password: PASSWORD, ofClient: true });
const ask = (username: string) =>
  accounts.judge({
    method: 'client_login_get',
    username,
    password: PASSWORD,
    ofClient: true,
    sessionId: 'ofapi',
  });

/** By what is compared: the value as it is stored, and whether it is taken for that of the account with a factor. */
const COMPARED: readonly (readonly [
  column: string,
  value: string,
  isTaken: (spelt: string) => Promise<boolean>,
])[] = [
  ['sys_user.username', 'client1', async (spelt) => (await login(spelt)) === 'needs-code'],
  ['client.email', 'client1@example.org', async (spelt) => (await ask(spelt)) === 'needs-code'],
  ['remote_session.remote_session', 'client1of', (spelt) => accounts.isOutdated(spelt)],
];

for (const collation of COLLATIONS) {
  test(`A27 whatever a panel of ${collation} takes for a name, an address or a session is that one to us`, async () => {
    for (const table of ['sys_user', 'client', 'remote_session'])
      await panel.server.execute(
        `ALTER TABLE dbispconfig.${table} CONVERT TO CHARACTER SET ${collation.split('_', 1)} COLLATE ${collation}`,
      );
    const taken: string[] = [];
    for (const [what, spell] of Object.entries(SPELLINGS)) {
      for (const [column, value, isTaken] of COMPARED) {
        const spelt = spell(value);
        // Of an address the panel wants to see the sign.
        if (column === 'client.email' && !spelt.includes('@')) continue;
        const found = await Promise.all(PANEL_CHARSETS.map((charset) => foundBy(charset, column, spelt)));
        const own = await isTaken(spelt);
        assert.equal(own, Math.max(...found) > 0, `${column}: ${what}`);
        if (own && column === 'sys_user.username') taken.push(what);
      }
    }
    assert.ok(taken.includes('upper case') && !taken.includes('another name'));
    // What makes 3.3 another panel than 3.2 for a comparison of names.
    assert.equal(taken.includes('full width'), /unicode|uca/.test(collation), taken.join(', '));
    assert.equal(taken.includes('an accent, decomposed (NFD)'), /unicode|uca/.test(collation));
    assert.equal(taken.includes('a zero-width space within'), /unicode|uca/.test(collation));
  });
}
