import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/core/account/account.js';
import { tempFolder } from '../support/temp-folder.js';
import { startTinyPanel, type TinyPanel } from './tiny-panel.js';

const admin: Account = { realm: 'user', id: '1', name: 'admin', role: 'admin', language: 'en' };
const client: Account = { realm: 'user', id: '2', name: 'client', role: 'client', language: 'en' };

let panel: TinyPanel;
before(async () => {
  panel = await startTinyPanel(tempFolder(), [admin, client]);
});
after(() => panel.close());

test('a panel that saves a user by script gets the slot alone, for its own form', async () => {
  const cookie = panel.login(admin);
  const url = `${panel.url}/2fa/accounts/user/2`;
  const page = await (await fetch(url, { headers: { cookie } })).text();
  const csrf = /name="twofa_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ twofa_csrf: csrf, twofa_shown: 'off' }),
    headers: { cookie, origin: panel.url, 'X-Twofa-Slot': 'twofa-account' },
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('X-Twofa-Slot'), 'twofa-account');
  const slot = await response.text();
  assert.match(slot, /^\s*<div class="twofa twofa-user-edit"/);
  assert.match(slot, /form="twofa-account"/);
});
