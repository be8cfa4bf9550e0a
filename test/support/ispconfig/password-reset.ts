import { randomBytes } from 'node:crypto';
import { type Answer, html } from './answer.js';
import { textOf } from './fields.js';
import { boxPage, errorBox, loginPage } from './login-page.js';
import { hashPassword } from './passwords.js';
import { headerOf } from './request.js';
import type { Visit } from './visit.js';

/** `/login/password_reset.php`: a link by mail, then a new password by mail. Never logs in. */
export async function passwordReset(visit: Visit): Promise<Answer> {
  const { request, settings } = visit;
  const hash = textOf(request.query, 'hash');
  if (hash !== '') return html(loginPage(settings, await renew(visit, hash)));
  if (request.method === 'POST') return html(boxPage('Password lost', await sendLink(visit)));
  return html(
    boxPage(
      'Password lost',
      `<form method="post" action="password_reset.php"><fieldset>
<div class="form-group"><input class="form-control" name="username" type="text"></div>
<div class="form-group"><input class="form-control" name="email" type="text"></div>
<input class="btn btn-default formbutton-default" type="submit" value="Reset"></fieldset></form>`,
    ),
  );
}

/** For clients and resellers, whose name and address must both be right. */
async function sendLink(visit: Visit): Promise<string> {
  const { database, request, settings } = visit;
  const username = textOf(request.fields, 'username');
  const email = textOf(request.fields, 'email');
  const client = await database.first('SELECT client_id FROM client WHERE username = ? AND email = ?', [
    username,
    email,
  ]);
  if (!client) return errorBox('Username or email address does not match.');
  const hash = randomBytes(20).toString('hex');
  await database.query(
    'UPDATE sys_user SET lost_password_hash = ?, lost_password_reqtime = NOW() WHERE username = ?',
    [hash, username],
  );
  // The host is whatever the request says.
  const base = `${settings.https ? 'https' : 'http'}://${headerOf(request, 'host')}`;
  const query = new URLSearchParams({ username, hash });
  visit.sendMail({ to: email, subject: 'Reset', text: `${base}/login/password_reset.php?${query}` });
  return '<div class="alert alert-success">A link was sent.</div>';
}

async function renew({ database, request, sendMail }: Visit, hash: string): Promise<string> {
  const username = textOf(request.query, 'username');
  const row = await database.first(
    `SELECT userid, email FROM sys_user JOIN client USING (client_id)
     WHERE sys_user.username = ? AND lost_password_hash = ? AND lost_password_reqtime > NOW() - INTERVAL 1 DAY`,
    [username, hash],
  );
  if (!row) return 'The link is not valid.';
  const password = randomBytes(9).toString('base64url');
  await database.query("UPDATE sys_user SET passwort = ?, lost_password_hash = '' WHERE userid = ?", [
    await hashPassword(password),
    row.userid,
  ]);
  sendMail({ to: String(row.email), subject: 'New password', text: `Password: ${password}` });
  return 'A new password was sent.';
}
