import { type Answer, escapeHtml, html } from './answer.js';
import type { Row } from './database.js';
import { textOf } from './fields.js';
import type { PhpArray } from './php-session.js';
import { arrayIn, userIdOf, userOf, type Visit } from './visit.js';

const notThisUser = "You don't have the right to login as this user!";
const refusal = html(notThisUser);

/** `/login/login_as.php?cid=` (a client) or `?id=` (a user): the form that logs in as somebody else, with his hash. */
export async function loginAs(visit: Visit): Promise<Answer> {
  const user = userOf(visit);
  if (!user) return html('You have to be logged in to login as other user!');
  const target = await targetOf(visit, user);
  if (!target) return refusal;
  return html(`<div class="page-header"><h1>Log in as</h1></div>
<p>Do you want to log in as ${escapeHtml(String(target.username))}?</p>
<input type="hidden" name="username" value="${escapeHtml(String(target.username))}">
<input type="hidden" name="password" value="${escapeHtml(String(target.passwort))}">
<input type="hidden" name="s_mod" value="dashboard"><input type="hidden" name="s_pg" value="dashboard">
<input type="hidden" name="login_as" value="1">
<button class="btn btn-default formbutton-success" type="button" data-submit-form="pageForm" data-form-action="login/index.php">Log in</button>
<button class="btn btn-default formbutton-default" type="button" data-load-content="dashboard/dashboard.php">Back</button>`);
}

/** An admin may be anybody, a reseller his own clients. */
async function targetOf({ database, request }: Visit, user: PhpArray): Promise<Row | undefined> {
  const id = textOf(request.query, 'id');
  const client = textOf(request.query, 'cid');
  const isAdmin = user.typ === 'admin';
  if (id !== '') return isAdmin ? database.first('SELECT * FROM sys_user WHERE userid = ?', [id]) : undefined;
  const target = 'SELECT sys_user.* FROM sys_user JOIN client USING (client_id) WHERE client_id = ?';
  if (isAdmin) return database.first(target, [client]);
  return database.first(`${target} AND parent_client_id = ? AND parent_client_id > 0`, [
    client,
    String(user.client_id),
  ]);
}

/** Why the post of {@link loginAs}'s form is refused, whatever hash it brings. The way back is always open. */
export async function refusalOfLoginAs(visit: Visit, name: string): Promise<string | undefined> {
  const user = userOf(visit) ?? {};
  const old = arrayIn(arrayIn(visit.session.data, 's_old'), 'user');
  if (user.typ === 'admin' || (old.username === name && (await mayBeOthers(visit, old)))) return undefined;
  if (!(await mayBeOthers(visit, user))) return "You don't have the right to 'login as'!";
  const own = await visit.database.first(
    `SELECT 1 FROM sys_user JOIN client USING (client_id)
     WHERE sys_user.username = ? AND parent_client_id = ? AND parent_client_id > 0`,
    [name, String(user.client_id)],
  );
  return own ? undefined : notThisUser;
}

/** Admins and resellers. */
export async function mayBeOthers({ database }: Visit, user: PhpArray): Promise<boolean> {
  if (user.typ === 'admin') return true;
  if (userIdOf(user) === 0) return false;
  const row = await database.first('SELECT limit_client FROM client WHERE client_id = ?', [
    String(user.client_id),
  ]);
  return Number(row?.limit_client ?? 0) !== 0;
}
