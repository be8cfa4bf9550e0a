import { type Answer, html, redirect } from './answer.js';
import { isToken, newToken, tokenFields } from './csrf.js';
import { textOf } from './fields.js';
import { boxPage, errorBox } from './login-page.js';
import { hashPassword, isPassword } from './passwords.js';
import type { PhpArray } from './php-session.js';
import { arrayIn, userIdOf, userOf, type Visit } from './visit.js';

const DAY_MS = 86_400_000;

/** Since 3.3: has this account to choose a new password before it gets in? Asked after the panel's own code. */
export function isOverdue({ settings }: Visit, user: PhpArray): boolean {
  const { passwordDays, mailUsersOverdue } = settings;
  if (passwordDays <= 0) return false;
  // The older check looks a mailbox up among the users, finds nobody and takes that for overdue.
  if (userIdOf(user) === 0) return mailUsersOverdue;
  const changed = user.last_password_change;
  return changed === null || Date.now() - Date.parse(String(changed)) >= passwordDays * DAY_MS;
}

/** `/login/force_password_change.php`: whoever waits here sets a new password, and is in. */
export async function forcedPassword(visit: Visit): Promise<Answer> {
  const { session, request, database } = visit;
  const user = arrayIn(arrayIn(session.data, 's_pending'), 'user');
  if (userOf(visit)) return redirect('/index.php');
  if (session.data.force_password_change !== true || Object.keys(user).length === 0)
    return redirect('index.php');
  if (request.method !== 'POST') return html(page(visit));
  if (!isToken(visit, true)) return html(errorBox('CSRF attempt blocked.'));
  const password = textOf(request.fields, 'new_password');
  if (Buffer.byteLength(password) < 8) return html(page(visit, 'The password is too short.'));
  if (password !== textOf(request.fields, 'confirm_password'))
    return html(page(visit, 'The passwords are not the same.'));
  if (userIdOf(user) > 0) {
    if (await isPassword(password, String(user.passwort)))
      return html(page(visit, 'This is the present password.'));
    await database.query(
      'UPDATE sys_user SET passwort = ?, last_password_change = CURDATE() WHERE userid = ?',
      [await hashPassword(password), userIdOf(user)],
    );
  }
  const { s_pending, force_password_change: _, s: __, ...rest } = session.data;
  session.data = { ...rest, s: s_pending ?? null };
  return redirect('../index.php');
}

function page(visit: Visit, error?: string): string {
  const token = newToken(visit, 'force_password_change');
  return boxPage(
    'Stand-in panel',
    `<h2>Change your password</h2><p>Your password is older than ${visit.settings.passwordDays} days.</p>
${error === undefined ? '' : errorBox(error)}
<form method="post" action="force_password_change.php"><fieldset>
<input class="form-control" type="password" name="new_password" id="new_password" required>
<input class="form-control" type="password" name="confirm_password" id="confirm_password" required>
${tokenFields(token)}
<input class="btn btn-default formbutton-success" type="submit" value="Change"></fieldset></form>
<script src="../js/scrigo.js.php"></script>`,
  );
}
