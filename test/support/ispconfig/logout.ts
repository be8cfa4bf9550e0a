import { type Answer, escapeHtml, html } from './answer.js';
import { textOf } from './fields.js';
import { mayBeOthers } from './login-as.js';
import { arrayIn, type Visit } from './visit.js';

/** `/login/logout.php`: ends the session, or asks whether to go back where an admin or reseller came before. */
export async function logout(visit: Visit): Promise<Answer> {
  const { session, request } = visit;
  const old = arrayIn(arrayIn(session.data, 's_old'), 'user');
  if ((await mayBeOthers(visit, old)) && textOf(request.query, 'l') !== '1')
    return html(question(String(old.username), String(old.passwort)));
  if (!visit.keepsSessions) await session.end();
  return html('URL_REDIRECT:index.php');
}

/** The way back carries the stored hash of who he was. */
function question(name: string, stored: string): string {
  return `<div class="alert alert-info">Do you want to log in again as ${escapeHtml(name)}?
<input type="hidden" name="username" value="${escapeHtml(name)}">
<input type="hidden" name="password" value="${escapeHtml(stored)}">
<input type="hidden" name="s_mod" value="login"><input type="hidden" name="s_pg" value="index">
<input type="hidden" name="login_as" value="1">
<button class="btn btn-default formbutton-success" type="button" data-submit-form="pageForm" data-form-action="/login/index.php">Yes, log in again</button>
<button class="btn btn-default formbutton-default" type="button" data-load-content="login/logout.php?l=1">No, log out</button></div>`;
}
