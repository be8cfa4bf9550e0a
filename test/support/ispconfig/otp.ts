import { createHash, randomInt } from 'node:crypto';
import { type Answer, html, redirect } from './answer.js';
import { isToken, newToken, tokenFields } from './csrf.js';
import { textOf } from './fields.js';
import { isOverdue } from './forced-password.js';
import { boxPage } from './login-page.js';
import { isTotp, secretIn } from './own-totp.js';
import type { PhpArray } from './php-session.js';
import { arrayIn, userIdOf, userOf, type Visit } from './visit.js';

/** Whether the panel itself asks for a code, by e-mail or of an app. Mailboxes have no such thing. */
export function wantsOtp(user: PhpArray): boolean {
  return userIdOf(user) > 0 && String(user.otp_type ?? 'none') !== 'none';
}

/** `/login/otp.php`: mails a code on the first look where it goes by mail, and lets in whoever brings one. */
export async function otp(visit: Visit): Promise<Answer> {
  const { session, request } = visit;
  if (session.data.s_pending === undefined || session.data.otp === undefined)
    return redirect(userOf(visit) ? '/index.php' : 'index.php');
  const state = arrayIn(session.data, 'otp');
  const user = arrayIn(arrayIn(session.data, 's_pending'), 'user');
  const now = Math.floor(Date.now() / 1000);
  const again = textOf(request.query, 'action') === 'resend';
  if (state.type === 'totp') state.starttime ??= now;
  else if (state.code_hash === undefined || (again && mayResend(state, now)))
    await mail(visit, state, user, now);
  if (request.method !== 'POST') return html(otpPage(visit));
  if (!isToken(visit, true)) return html(otpPage(visit));
  const attempts = Number(state.session_attempts) + 1;
  state.session_attempts = attempts;
  await visit.database.query('UPDATE sys_user SET otp_attempts = otp_attempts + 1 WHERE userid = ?', [
    userIdOf(user),
  ]);
  const row = await visit.database.first('SELECT otp_attempts, otp_data FROM sys_user WHERE userid = ?', [
    userIdOf(user),
  ]);
  const fresh = now - Number(state.starttime) < 600;
  const typed = textOf(request.fields, 'code');
  const right =
    state.type === 'totp' ? isTotp(secretIn(row?.otp_data), typed) : hash(typed) === state.code_hash;
  if (attempts > 3 || Number(row?.otp_attempts) > 10 || !fresh || !right) return html(otpPage(visit));
  await visit.database.query('UPDATE sys_user SET otp_attempts = 0 WHERE userid = ?', [userIdOf(user)]);
  if (isOverdue(visit, user)) {
    delete session.data.otp;
    session.data.force_password_change = true;
    return redirect('force_password_change.php');
  }
  const { s_pending, otp: _, s: __, ...rest } = session.data;
  session.data = { s: s_pending ?? null, ...rest };
  return redirect('../index.php');
}

function mayResend(state: PhpArray, now: number): boolean {
  return Number(state.sent ?? 0) < 3 && now - Number(state.starttime) >= 30;
}

async function mail(visit: Visit, state: PhpArray, user: PhpArray, now: number): Promise<void> {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const override = /"otp_email_override":"([^"]+)"/.exec(String(state.data ?? ''))?.[1];
  const client = await visit.database.first('SELECT email FROM client WHERE client_id = ?', [
    String(user.client_id),
  ]);
  Object.assign(state, { code_hash: hash(code), starttime: now, sent: Number(state.sent ?? 0) + 1 });
  const to = override ?? String(client?.email ?? 'hostmaster@example.test');
  visit.sendMail({ to, subject: 'Your verification code', text: `Code: ${code}` });
}

/** The real panel takes bcrypt here; nobody outside looks at it. */
function hash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function otpPage(visit: Visit): string {
  const token = newToken(visit, 'otp');
  return boxPage(
    'Stand-in panel',
    `<form method="post" action="otp.php"><fieldset>
<div class="form-group"><input class="form-control" name="code" type="text" id="code" autocomplete="off"></div>
${tokenFields(token)}
<div class="right"><input class="btn btn-default formbutton-default" type="submit" value="Continue"></div>
<a href="otp.php?action=resend">Send the code again</a></fieldset></form>`,
  );
}
