import { type Answer, escapeHtml, html } from './answer.js';
import type { Row } from './database.js';
import { textOf } from './fields.js';
import { arrayIn, type Visit } from './visit.js';

const columns = ['client_id', 'active', 'username', 'groups'];

/** `/admin/users_list.php`: all panel users; a post to it filters. */
export async function usersList(visit: Visit): Promise<Answer> {
  rememberFilter(visit, 'users');
  const name = String(arrayIn(arrayIn(visit.session.data, 'search'), 'users').username ?? '');
  const rows = await visit.database.query('SELECT * FROM sys_user WHERE username LIKE ? ORDER BY userid', [
    `%${name}%`,
  ]);
  const heads = columns.map((column) => `<th data-column="${column}">${column}</th>`).join('');
  const filters = columns.map(
    (column) =>
      `<td><input class="form-control" type="text" name="search_${column}" value="${column === 'username' ? escapeHtml(name) : ''}" /></td>`,
  );
  return html(`<div class='page-header'><h1>Users</h1></div>
<div class="table-wrapper marginTop15"><table class="table">
<thead class="dark form-group-sm"><tr>${heads}<th class="small-col text-right"></th></tr>
<tr>${filters.join('')}<td class="text-right"><button class="btn btn-default" type="button" id="Filter" data-submit-form="pageForm" data-form-action="admin/users_list.php">Filter</button></td></tr></thead>
<tbody>
${rows.map(line).join('\n')}
</tbody></table></div>`);
}

/** Filters are kept in the session as they were typed. */
export function rememberFilter({ request, session }: Visit, list: string): void {
  const typed = Object.keys(request.fields).filter((name) => name.startsWith('search_'));
  if (typed.length === 0) return;
  const filter = Object.fromEntries(typed.map((name) => [name.slice(7), textOf(request.fields, name)]));
  session.data.search = { ...arrayIn(session.data, 'search'), [list]: filter };
}

function line(row: Row): string {
  const link = (text: string) =>
    `<a href="#" data-load-content="admin/users_edit.php?id=${row.userid}">${escapeHtml(text)}</a>`;
  const [client, active, name, groups] = columns.map((column) => String(row[column] ?? ''));
  return `<tr><td>${link(client ?? '')}</td><td>${link(active === '1' ? 'Yes' : 'No')}</td><td>${link(name ?? '')}</td><td>${link(groups ?? '')}</td>
<td class="text-right"><a class="btn btn-default formbutton-success formbutton-narrow" data-load-content="login/login_as.php?cid=${row.client_id}">Login as</a></td></tr>`;
}
