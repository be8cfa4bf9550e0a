import speakeasy from 'speakeasy';
import { PASSWORD } from '../.build/test/gateway/plain-host.js';

/** The Cookie header of a session whose account has turned 2FA on and has cleared this session. */
export async function clearedBehindGateway(url) {
  const cookie = 'plain=1';
  const settings = async () => (await fetch(`${url}/2fa/settings`, { headers: { cookie } })).text();
  const twofa_csrf = /name="twofa_csrf" value="([^"]+)"/.exec(await settings())?.[1];
  const post = async (path, fields) => {
    const headers = { cookie, origin: url };
    const body = new URLSearchParams({ twofa_csrf, ...fields });
    const answer = await fetch(`${url}/2fa/settings/${path}`, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
    });
    if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}`);
    return answer;
  };
  await post('begin', {});
  const secret = /data-twofa-copy="([A-Z2-7]{32})"/.exec(await settings())?.[1];
  await post('register', { password: PASSWORD, code: speakeasy.totp({ secret, encoding: 'base32' }) });
  const saved = await post('save', { twofa_mode: '2fa' });
  const clearance = saved.headers.getSetCookie().find((line) => line.startsWith('panel-2fa='));
  if (!clearance) throw new Error('2FA could not be turned on');
  return `${cookie}; ${clearance.split(';', 1)[0]}`;
}
