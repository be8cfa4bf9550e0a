import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../../../src/core/account/account.js';
import type { PageParts } from '../../../../src/hosts/gateway-host.js';
import { editFor } from '../../../../src/hosts/ispconfig/pages/pages.js';
import type { Visit } from '../../../../src/hosts/ispconfig/sessions/sessions.js';
import type { OwnSlotRequest, SlotRequest } from '../../../../src/hosts/slot.js';
import { request } from '../requests.js';

const ODD = `"><script>alert('x')</script> & \u202eevil`;
const asked: SlotRequest[] = [];
const parts: PageParts = {
  mount: '/2fa',
  slot: async (_ctx, wanted) => {
    asked.push(wanted);
    return { html: '<div id="twofa">$&<select id="twofa-mode"></select></div>', forms: '' };
  },
  forms: async () => '<form id="twofa-setup"></form>',
  menu: async () => [{ section: 'system', label: ODD, path: '/2fa/accounts' }],
  settingsEntry: async () => ({ section: 'settings', label: 'My 2FA', path: '/2fa/settings' }),
  forget: () => undefined,
  leaveEntry: async () => ({ section: 'login', label: ODD, path: '/2fa/step' }),
  notice: () => ODD,
};

const visitOf = (more: Partial<Account> = {}, modules = ['tools']): Visit => {
  const account: Account = { realm: 'user', id: '3', name: 'client1', role: 'client', ...more };
  return { kind: 'session', cookie: 'id', session: { id: 'id', start: 0, account, actor: account }, modules };
};

async function edited(url: string, html: string, visit: Visit = visitOf(), headers = {}, given = parts) {
  const logged: string[] = [];
  const ctx = request(url);
  const answer = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } };
  const log = (message: string) => void logged.push(message);
  const edit = editFor(ctx, answer, given, visit, { log, panelPage: async () => undefined });
  return { html: edit && (await edit(html)), logged };
}

const buttons = (action: string) =>
  `<div class="clear"><div class="right"><button class="btn formbutton-success" data-form-action="${action}">Save</button></div></div>`;
const SELECT = `<div class="form-group"><label>Second step</label><select name="otp_type" id="otp_type"><option value='none'>none</option>
<option value='email' SELECTED>email</option></select></div>`;
const SHELL =
  "<!DOCTYPE html>\r\n<html><body>\r\n<form id='pageForm'></form><script>var x = '</body>';</script>\r\n</body>\r\n</html>";

test('the shell gets forms, style sheets and scripts at the end of its body, and nothing else changes', async () => {
  const { html } = await edited('/index.php', SHELL);
  const end = html?.indexOf('<link') ?? 0;
  assert.equal(html?.slice(0, end), SHELL.slice(0, SHELL.lastIndexOf('</body>')));
  assert.match(
    html?.slice(end) ?? '',
    /panel-2fa\.css.*ispconfig\.css.*id="twofa-save".*id="twofa-account".*id="twofa-setup".*panel-2fa\.js.*ispconfig\.js.*<\/body>/s,
  );
  assert.deepEqual(asked, [], 'no slot is rendered for its forms');
});

test('the select of the panel gains 2FA and never sends it', async () => {
  const page = `<h1>ü</h1>${SELECT}<input name="id" value="3">${buttons('tools/user_settings.php')}`;
  const { html } = await edited('/tools/user_settings.php', page);
  assert.match(html ?? '', /<select data-twofa-select id="otp_type">/);
  assert.match(
    html ?? '',
    /<option value="2fa">2FA<\/option><\/select><input type="hidden" name="otp_type" value="email" data-twofa-panel-value>/,
  );
  assert.match(
    html ?? '',
    /twofa-mirrored".*data-twofa-action="\/2fa\/settings\/save" data-twofa-panel="email" data-twofa-kinds="none email"><div id="twofa">\$&<select id="twofa-mode"><\/select><\/div><\/div><input name="id"/,
  );
  assert.equal(html?.match(/name="otp_type"/g)?.length, 1);
});

test('panels without that select and the mail user’s page get the slot above their buttons', async () => {
  for (const url of ['/tools/user_settings.php', '/mailuser/mail_user_password_edit.php']) {
    const { html } = await edited(url, `<p>${ODD}</p>${buttons(url.slice(1))}`);
    assert.match(html ?? '', /<div class="twofa-place" .*<\/div><div class="clear">/);
  }
  const { panelKind, ...wanted } = asked.at(-1) as OwnSlotRequest;
  assert.deepEqual(wanted, { slot: 'password', form: 'twofa-save' });
  assert.equal(await panelKind?.(), undefined, 'a mailbox has no second factor of the panel');
});

test('the page of a user shows his slot, the page of a new one none', async () => {
  const page = (id: string) =>
    `${SELECT}<input type="hidden" name="id" value="${id}">${buttons('admin/users_edit.php')}`;
  const { html } = await edited('/admin/users_edit.php?id=4', page('7'), visitOf({ role: 'admin' }));
  assert.deepEqual(asked.at(-1), {
    slot: 'user-edit',
    form: 'twofa-account',
    account: { realm: 'user', id: '7' },
  });
  assert.match(html ?? '', /data-twofa-place="twofa-account" data-twofa-action="\/2fa\/accounts\/user\/7"/);
  assert.match(html ?? '', /<select name="otp_type"/);
  for (const id of ['', '0', '1&quot;', '../2']) {
    assert.equal((await edited('/admin/users_edit.php', page(id), visitOf())).html, page(id));
  }
});

test('menu entries join the part of the panel they belong to; who has no Tools module has his own', async () => {
  const system = `<ul id="sub-navigation"><li id='user_list'><a>CP Users</a></li></ul><ul id="sub-navigation"><li id='server_list'></li></ul>`;
  const admin = await edited('/nav.php?nav=side', system, visitOf({ role: 'admin' }));
  assert.match(
    admin.html ?? '',
    /CP Users<\/a><\/li><li><a href="\/2fa\/accounts"><div><strong>&#34;&#62;&#60;script/,
  );
  const mail = `<ul id="sub-navigation"><li id='mail_list'></li></ul>`;
  assert.equal((await edited('/nav.php?nav=side', mail)).html, mail);
  assert.match(
    (await edited('/nav.php?nav=side', mail, visitOf({}, ['mail']))).html ?? '',
    /href="\/2fa\/settings"/,
  );
  assert.equal(
    (await edited('/nav.php?nav=side', mail, visitOf({ realm: 'mailuser' }, ['mailuser']))).html,
    mail,
  );
  assert.equal((await edited('/nav.php?nav=top', mail)).html, undefined);
});

test('the login page says why, in no words of the client', async () => {
  const page = '<html><body><form method="post"></form></body></html>';
  const { html } = await edited('/login/?twofa=expired', page, { kind: 'anonymous' });
  assert.match(html ?? '', /<div class="alert alert-danger" role="alert">&#34;&#62;&#60;script/);
  for (const query of ['', '?twofa=<b>', '?twofa=x&twofa=expired', '?twofa=constructor']) {
    assert.equal((await edited(`/login/${query}`, page, { kind: 'anonymous' })).html, undefined);
  }
});

test('pages that are not as expected pass unchanged, and it is logged', async () => {
  for (const [url, html] of [
    ['/index.php', '<html><body>maintenance</body></html>'],
    ['/index.php', "<form id='pageForm'>"],
    ['/tools/user_settings.php', '<h1>Error</h1>'],
    ['/tools/user_settings.php', buttons('tools/other.php')],
    ['/login/?twofa=expired', 'Possible attack detected. This action has been logged.'],
  ] as const) {
    const result = await edited(url, html);
    assert.equal(result.html, html);
    assert.equal(result.logged.length, 1, url);
  }
});

test('a slot that fails leaves the page as it is', async () => {
  const failing = { ...parts, slot: () => Promise.reject(new Error('store')) };
  const page = buttons('tools/user_settings.php');
  const result = await edited('/tools/user_settings.php', page, visitOf(), {}, failing);
  assert.equal(result.html, page);
  assert.equal(result.logged.length, 1);
});

test('compressed answers, other types, other states and strangers are not touched', async () => {
  assert.equal(
    (await edited('/index.php', SHELL, visitOf(), { 'content-encoding': 'gzip' })).html,
    undefined,
  );
  assert.equal(
    (await edited('/index.php', SHELL, visitOf(), { 'content-type': 'application/json' })).html,
    undefined,
  );
  assert.equal((await edited('/index.php', SHELL, { kind: 'anonymous' })).html, undefined);
  assert.equal((await edited('/mail/mail_user_list.php', SHELL)).html, undefined);
});
