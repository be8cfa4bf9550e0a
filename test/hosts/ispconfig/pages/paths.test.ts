import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { admissionOf, badTarget } from '../../../../src/hosts/ispconfig/pages/paths.js';

const admits = (path: string, method = 'GET', header = '') =>
  admissionOf({ path, method, get: (name: string) => (name === header ? 'XMLHttpRequest' : '') } as Context);

const expected = {
  public: [
    '/login/',
    '/login/index.php',
    '/login/password_reset.php',
    '/keepalive.php',
    '/js/scrigo.js.php',
    '/remote/json.php',
    '/remote/index.php',
  ],
  'panel-step': ['/login/otp.php', '/login/force_password_change.php'],
  logout: ['/login/logout.php'],
  static: [
    '/robots.txt',
    '/js/jquery.min.js',
    '/js/js.d/hook.js',
    '/js/select2/select2_locale_pt-BR.js',
    '/themes/default/assets/stylesheets/ispconfig.css',
    '/themes/default/assets/favicon/site.webmanifest',
    '/themes/default/assets/fonts/a.woff2',
  ],
  protected: [
    '/',
    '/index.php',
    '/login',
    '/login/login_as.php',
    '/login/lib/lang/en.lng',
    '/nav.php',
    '/capp.php',
    '/datalogstatus.php',
    '/content.php',
    '/admin/users_edit.php',
    '/tools/user_settings.php',
    '/mail/templates/x.htm',
    '/admin/lib/lang/en.lng',
    '/temp/export.lng',
    '/dummy_login.html',
    '/themes/default/templates/main.tpl.htm',
    '/js/x.php',
    '/js/x.htm',
    '/themes/a.lng',
    '/js/',
    '/remote/monitor.php',
    '/admin/x.css',
  ],
} as const;

for (const [admission, paths] of Object.entries(expected)) {
  for (const path of paths) test(`${path} is ${admission}`, () => assert.equal(admits(path), admission));
}

test("the login page is for documents, and for the shell's login as", () => {
  assert.equal(admits('/login/', 'GET', 'X-Requested-With'), 'protected');
  assert.equal(admits('/login/index.php', 'POST', 'X-Requested-With'), 'public');
});

test('a static file is only read', () => assert.equal(admits('/js/jquery.min.js', 'POST'), 'protected'));

for (const target of [
  '//login/index.php',
  '/login//index.php',
  '/login/./index.php',
  '/login/../index.php',
  '/%6cogin/index.php',
  '/login/index%2ephp',
  '/login/index.php/x',
  '/login/index.php/js/x.css',
  '/admin/users_list.php/.css',
  '/index.php;/js/x.css',
  '/js\\..\\index.php',
  '/LOGIN/',
  '/Login/index.php',
  '/INDEX.PHP',
  '/REMOTE/json.php',
  '/.htaccess',
  '/js/.git/x.js',
  '/index.php%00.css',
  '/index.php.css',
  'http://evil.test/login/',
  '*',
  '',
  '/a b',
  '/a\u0000',
  '/a\u00fc',
  '/index.php#x',
  `/${'a'.repeat(9_000)}`,
]) {
  test(`refused as another spelling: ${JSON.stringify(target.slice(0, 40))}`, () => {
    assert.ok(badTarget(target));
    assert.equal(admits(target.split('?')[0] as string), 'protected');
  });
}

test('targets that the shell asks for pass', () => {
  for (const target of [
    '/',
    '/login/?twofa=expired',
    '/nav.php?nav=side',
    '/login/password_reset.php?username=a%40b&hash=00',
    '/themes/default/assets/stylesheets/ispconfig.css?ver=3.2',
    '/admin/users_edit.php?id=3&next=%2F..',
  ]) {
    assert.equal(badTarget(target), undefined, target);
  }
});
