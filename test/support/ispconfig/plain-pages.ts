import { type Answer, escapeHtml, html } from './answer.js';
import { rememberFilter } from './users-list.js';
import { arrayIn, userOf, type Visit } from './visit.js';

/** `/dashboard/dashboard.php`. */
export function dashboard(visit: Visit): Answer {
  const user = userOf(visit) ?? {};
  return html(
    `<div class='page-header'><h1>Welcome ${escapeHtml(String(user.username))}</h1></div><p id="welcome">Modules: ${escapeHtml(String(user.modules))}</p>`,
  );
}

/** `/mailuser/index.php`. */
export function mailOverview(visit: Visit): Answer {
  const user = userOf(visit) ?? {};
  return html(
    `<div class='page-header'><h1>Mailbox</h1></div><table class="table"><tr><td>Email address</td><td>${escapeHtml(String(user.email))}</td></tr></table>`,
  );
}

/** Any page of a module that the tests need nothing of, with a filter as lists have it. */
export function plainPage(path: string): (visit: Visit) => Answer {
  return (visit) => {
    rememberFilter(visit, path);
    const filter = arrayIn(arrayIn(visit.session.data, 'search'), path);
    return html(`<div class='page-header'><h1>${path}</h1></div>
<table class="table"><thead><tr><th data-column="name">Name</th></tr>
<tr><td><input class="form-control" type="text" name="search_name" value="${escapeHtml(String(filter.name ?? ''))}" /></td></tr></thead></table>
<button class="btn btn-default" type="button" data-submit-form="pageForm" data-form-action="${path}">Filter</button>`);
  };
}
