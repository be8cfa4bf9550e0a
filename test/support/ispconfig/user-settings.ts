import { type Answer, html, redirect } from './answer.js';
import { isToken } from './csrf.js';
import { textOf } from './fields.js';
import { formPage, passwordFields, selectField } from './form-page.js';
import { languages } from './languages.js';
import { saveSecret, totpField } from './own-totp.js';
import { hashPassword, stripSlashes } from './passwords.js';
import type { PhpArray } from './php-session.js';
import { themes } from './themes.js';
import { arrayIn, modulesOf, userIdOf, userOf, type Visit } from './visit.js';

/** `/tools/user_settings.php`: always one's own, whatever `id` says. */
export async function userSettings(visit: Visit): Promise<Answer> {
  const user = userOf(visit) ?? {};
  if (visit.request.method !== 'POST') return html(await page(visit, user));
  if (!isToken(visit)) return html('', 500);
  const { fields } = visit.request;
  const password = textOf(fields, 'passwort');
  // A refused form shows what was asked for, but for a factor that was not proven.
  if (password !== textOf(fields, 'repeat_password'))
    return html(await page(visit, user, 'The passwords do not match.', textOf(fields, 'otp_type')));
  if ((await saveSecret(visit, user)) === 'wrong')
    return html(await page(visit, user, 'The verification code is incorrect.'));
  await save(visit, user, password);
  // A theme is taken over at once, by an answer of its own.
  if (textOf(fields, 'app_theme') !== '' && textOf(fields, 'app_theme') !== user.app_theme) {
    user.app_theme = textOf(fields, 'app_theme');
    return html(`${await page(visit, user)}<script>document.location.href = 'index.php';</script>`);
  }
  return redirect('user_settings.php');
}

async function save(visit: Visit, user: PhpArray, password: string): Promise<void> {
  const { database, request, session } = visit;
  const changes: Record<string, string> = {};
  for (const name of ['language', 'app_theme', 'startmodule']) {
    if (request.fields[name] !== undefined) changes[name] = textOf(request.fields, name);
  }
  const kind = textOf(request.fields, 'otp_type');
  if (database.otpKinds.includes(kind)) changes.otp_type = kind;
  if (password !== '') changes.passwort = await hashPassword(stripSlashes(password));
  await database.query('UPDATE sys_user SET ? WHERE userid = ?', [changes, userIdOf(user)]);
  if (changes.language === undefined) return;
  user.language = changes.language;
  arrayIn(session.data, 's').language = changes.language;
}

async function page(visit: Visit, user: PhpArray, error?: string, asked?: string): Promise<string> {
  const { otpKinds } = visit.database;
  const row = await visit.database.first('SELECT * FROM sys_user WHERE userid = ?', [userIdOf(user)]);
  const value = (name: string) => String(row?.[name] ?? '');
  return formPage(visit, {
    form: 'usersettings',
    title: 'User Settings',
    path: 'tools/user_settings.php',
    back: 'tools/index.php',
    tabs: { usersettings: 'Settings' },
    tab: 'usersettings',
    id: value('userid'),
    error,
    fields: [
      ...passwordFields('passwort'),
      ...(otpKinds.length > 0 ? [otpField(otpKinds, asked || value('otp_type'), row?.otp_data)] : []),
      selectField('language', 'Language', value('language'), languages),
      selectField('app_theme', 'Design', value('app_theme'), themes),
      selectField('startmodule', 'Startmodule', value('startmodule'), modulesOf(user)),
    ],
  });
}

function otpField(kinds: readonly string[], value: string, otpData: unknown): string {
  const label = 'Two Factor Authentication';
  return kinds.includes('totp')
    ? totpField(label, value, kinds, otpData)
    : selectField('otp_type', label, value, kinds);
}
