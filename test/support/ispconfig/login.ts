import { type Answer, html, redirect } from './answer.js';
import { textOf } from './fields.js';
import { isOverdue } from './forced-password.js';
import { refusalOfLoginAs } from './login-as.js';
import { encodeName, type Found, findByName, isAllowedName } from './login-names.js';
import { loginPage } from './login-page.js';
import { wantsOtp } from './otp.js';
import { hashPassword, isPassword } from './passwords.js';
import type { PhpArray } from './php-session.js';
import { moduleArray, pluginCache } from './session-parts.js';
import { Throttle } from './throttle.js';
import { arrayIn, userIdOf, userOf, type Visit } from './visit.js';

const texts = {
  wrong: 'Username or Password wrong.',
  blocked: 'User is blocked.',
  throttled: 'Too many failed login attempts. Please retry after 15 minutes',
  name: 'Username contains unallowed characters or is longer than 64 characters.',
  length: 'The password length is < 1 or > 256 characters.',
  maintenance: '<strong>This panel is currently under maintenance.</strong><br><br>',
};

/** `/login/index.php`: any body is a login, from whoever is not logged in. */
export async function login(visit: Visit): Promise<Answer> {
  const { request, settings } = visit;
  const asOther = textOf(request.fields, 'login_as') === '1' && userOf(visit) !== undefined;
  if (userOf(visit) && !asOther) return redirect('/index.php');
  if (Object.keys(request.fields).length === 0)
    return html(loginPage(settings, settings.maintenance ? texts.maintenance : undefined));
  if (asOther) {
    const refusal = await refusalOfLoginAs(visit, textOf(request.fields, 'username'));
    if (refusal !== undefined) return html(refusal);
  }
  const outcome = await judge(visit, asOther);
  if (typeof outcome === 'string')
    return html(loginPage(settings, `${settings.maintenance ? texts.maintenance : ''}${outcome}`));
  return asOther ? become(visit, outcome) : enter(visit, outcome);
}

/** What every request adds to its session where it is missing, at the end. */
export function prepareSession({ session, settings }: Visit): void {
  const s = arrayIn(session.data, 's');
  s.id ??= session.id;
  s.theme ??= settings.theme;
  s.language ??= settings.language;
  session.data.s = s;
}

/** Whose name and password came; otherwise the text of the refusal. */
async function judge(visit: Visit, asOther: boolean): Promise<Found | string> {
  const { database, request, settings } = visit;
  const typed = textOf(request.fields, 'username');
  const password = textOf(request.fields, 'password');
  if (password.length < 1 || password.length > 256) return texts.length;
  if (!isAllowedName(encodeName(typed))) return texts.name;
  const throttle = new Throttle(database, request.address);
  if (await throttle.blocksPanel()) return texts.throttled;
  const found = await findByName(database, typed);
  // Log in as somebody gives the stored hash, and compares it as it is.
  const right = found && (asOther ? password === found.stored : await isPassword(password, found.stored));
  if (!found || !right) {
    await throttle.fail();
    return texts.wrong;
  }
  if (String(found.user.active) !== '1') return texts.blocked;
  if (settings.maintenance && found.user.typ !== 'admin') return '';
  await throttle.forget();
  return found;
}

async function enter(visit: Visit, { stored, user }: Found): Promise<Answer> {
  const { session, settings, request, database } = visit;
  if (userIdOf(user) > 0 && !stored.startsWith('$')) {
    const better = await hashPassword(textOf(request.fields, 'password'));
    await database.query('UPDATE sys_user SET passwort = ? WHERE userid = ?', [better, userIdOf(user)]);
  }
  await session.regenerate();
  session.permanent =
    settings.sessionTimeout > 0 && settings.allowEndless && textOf(request.fields, 'stay') === '1';
  if (wantsOtp(user)) {
    const { s_pending: _, otp: __, force_password_change: ___, ...rest } = session.data;
    const otp = { type: String(user.otp_type), data: String(user.otp_data ?? ''), session_attempts: 0 };
    session.data = { s_pending: open(visit, user), otp, ...rest };
    return redirect('otp.php');
  }
  delete session.data.s_pending;
  delete session.data.otp;
  delete session.data.force_password_change;
  if (isOverdue(visit, user)) {
    delete session.data.s;
    session.data = { s_pending: open(visit, user), force_password_change: true, ...session.data };
    return redirect('force_password_change.php');
  }
  session.data.s = open(visit, user);
  return redirect('../index.php');
}

/** Keeps who he was as `s_old`, which comes first from then on. */
function become(visit: Visit, { user }: Found): Answer {
  const { s, s_old: _, ...rest } = visit.session.data;
  visit.session.data = { s_old: s ?? null, s: open(visit, user), ...rest };
  return html('LOGIN_REDIRECT:dashboard/dashboard.php');
}

/** The part of the session that makes a logged-in one. */
function open(visit: Visit, user: PhpArray): PhpArray {
  return {
    user,
    language: String(user.language ?? visit.settings.language),
    theme: userIdOf(user) > 0 ? String(user.app_theme ?? 'default') : visit.settings.theme,
    module: moduleArray(String(user.startmodule ?? 'dashboard')),
    plugin_cache: pluginCache(),
  };
}
