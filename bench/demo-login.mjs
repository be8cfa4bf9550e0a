import speakeasy from 'speakeasy';

const NAME = 'client1';
const PASSWORD = 'client1-demo';

/** The Cookie header of somebody logged in at a panel that asks for no code. */
export async function loggedIn(url) {
  const { cookies } = await post(`${url}/login`, '', { username: NAME, password: PASSWORD });
  return cookies;
}

/** The Cookie header of somebody who has turned 2FA on, and has cleared this session. */
export async function cleared(url) {
  const cookie = await loggedIn(url);
  const settings = `${url}/tools/user_settings`;
  const twofa_csrf = fieldIn('twofa_csrf', await page(settings, cookie));
  await post(`${url}/2fa/settings/begin`, cookie, { twofa_csrf });
  const secret = /data-twofa-copy="([A-Z2-7]{32})"/.exec(await page(settings, cookie))?.[1];
  const code = speakeasy.totp({ secret, encoding: 'base32' });
  await post(`${url}/2fa/settings/register`, cookie, { twofa_csrf, password: PASSWORD, code });
  const csrf = fieldIn('csrf', await page(settings, cookie));
  const saved = await post(settings, cookie, { csrf, twofa_csrf, language: 'en', twofa_mode: '2fa' });
  if (!saved.cookies) throw new Error('2FA could not be turned on');
  return `${cookie}; ${saved.cookies}`;
}

async function page(url, cookie) {
  return (await fetch(url, { headers: { cookie }, redirect: 'error' })).text();
}

async function post(url, cookie, fields) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { cookie, origin: new URL(url).origin },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  if (response.status >= 400) throw new Error(`${url} answered ${response.status}`);
  const cookies = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return { cookies: cookies.join('; ') };
}

function fieldIn(name, html) {
  return new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];
}
