import { type Answer, html, redirect } from './answer.js';
import { isToken } from './csrf.js';
import { textOf } from './fields.js';
import { formPage, passwordFields } from './form-page.js';
import { hashPassword, stripSlashes } from './passwords.js';
import { userOf, type Visit } from './visit.js';

/** `/mailuser/mail_user_password_edit.php`. Nothing compares the repeated password on the server. */
export async function mailPassword(visit: Visit): Promise<Answer> {
  const { database, request } = visit;
  if (request.method !== 'POST') return html(page(visit));
  if (!isToken(visit)) return html('', 500);
  const password = textOf(request.fields, 'password');
  if (password !== '') {
    const hash = await hashPassword(stripSlashes(password));
    const id = String(userOf(visit)?.mailuser_id);
    await database.query('UPDATE mail_user SET password = ? WHERE mailuser_id = ?', [hash, id]);
  }
  return redirect('index.php');
}

function page(visit: Visit): string {
  return formPage(visit, {
    form: 'mail_user_password',
    title: 'Mailbox password',
    path: 'mailuser/mail_user_password_edit.php',
    back: 'mailuser/index.php',
    tabs: { mailuser: 'Password' },
    tab: 'mailuser',
    id: '',
    fields: passwordFields('password'),
  });
}
