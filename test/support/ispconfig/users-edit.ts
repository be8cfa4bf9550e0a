import { type Answer, html, redirect } from './answer.js';
import { isToken } from './csrf.js';
import type { Row } from './database.js';
import { textOf } from './fields.js';
import { choiceField, formPage, passwordFields, selectField, textField } from './form-page.js';
import { languages } from './languages.js';
import { modules } from './modules.js';
import { hashPassword, stripSlashes } from './passwords.js';
import type { Visit } from './visit.js';

const editable = ['username', 'startmodule', 'language'];

/** What both tabs of the form have. */
const USERS = {
  form: 'users',
  title: 'Users',
  path: 'admin/users_edit.php',
  back: 'admin/users_list.php',
  tabs: { users: 'Users', groups: 'Groups' },
};

/**
 * `/admin/users_edit.php`: a panel user, by the `id` of the query or of the form. A change of the tab saves the one that
 * is left, and is answered with the other.
 */
export async function usersEdit(visit: Visit): Promise<Answer> {
  const { database, request } = visit;
  const isPost = request.method === 'POST';
  const id = isPost ? textOf(request.fields, 'id') : textOf(request.query, 'id');
  const row = (await database.first('SELECT * FROM sys_user WHERE userid = ?', [id])) ?? {};
  if (!isPost) return html(page(visit, row));
  if (!isToken(visit)) return html('', 500);
  const password = textOf(request.fields, 'passwort');
  if (password !== textOf(request.fields, 'repeat_password'))
    return html(page(visit, row, 'The passwords do not match.'));
  if (request.fields.username !== undefined) {
    const changes = { ...changesOf(visit), ...(password === '' ? {} : await passwordOf(password)) };
    await database.query('UPDATE sys_user SET ? WHERE userid = ?', [changes, id]);
  }
  switch (textOf(request.fields, 'next_tab')) {
    case 'users':
      return html(page(visit, row));
    case 'groups':
      return html(groupsPage(visit, row));
    default:
      return redirect('users_list.php');
  }
}

async function passwordOf(password: string): Promise<Record<string, string>> {
  return { passwort: await hashPassword(stripSlashes(password)) };
}

/** Boxes that do not come are unticked. */
function changesOf({ request: { fields }, database }: Visit): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const name of editable) {
    if (fields[name] !== undefined) changes[name] = textOf(fields, name);
  }
  const list = (name: string) => [fields[name] ?? []].flat();
  changes.modules = list('modules').join(',');
  changes.typ = list('typ')[0] === 'admin' ? 'admin' : 'user';
  changes.active = textOf(fields, 'active') === '1' ? '1' : '0';
  changes.lost_password_function = textOf(fields, 'lost_password_function') === '1' ? '1' : '0';
  if (database.otpKinds.includes(textOf(fields, 'otp_type'))) changes.otp_type = textOf(fields, 'otp_type');
  return changes;
}

function groupsPage(visit: Visit, row: Row): string {
  return formPage(visit, {
    ...USERS,
    tab: 'groups',
    id: String(row.userid),
    fields: [choiceField('checkbox', 'groups[]', 'Groups', [String(row.groups)], [String(row.groups)])],
  });
}

function page(visit: Visit, row: Row, error?: string): string {
  const value = (name: string) => String(row[name] ?? '');
  const names = Object.keys(modules).filter((name) => name !== 'mailuser');
  return formPage(visit, {
    ...USERS,
    tab: 'users',
    id: value('userid'),
    error,
    fields: [
      textField('username', 'Username', value('username')),
      ...passwordFields('passwort'),
      ...(visit.database.otpKinds.length > 0
        ? [selectField('otp_type', '2-Factor Authentication', value('otp_type'), visit.database.otpKinds)]
        : []),
      choiceField('checkbox', 'modules[]', 'Module', value('modules').split(','), names),
      selectField('startmodule', 'Startmodule', value('startmodule'), names),
      choiceField('radio', 'app_theme[]', 'Design', ['default'], ['default']),
      choiceField('radio', 'typ[]', 'Type', [value('typ')], ['user', 'admin']),
      choiceField('checkbox', 'active', 'Active', [value('active')], ['1']),
      selectField('language', 'Language', value('language'), languages),
      choiceField(
        'checkbox',
        'lost_password_function',
        'Forgot password function',
        [value('lost_password_function')],
        ['1'],
      ),
    ],
  });
}
