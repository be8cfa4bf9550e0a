import { type Answer, escapeHtml, html, redirect } from './answer.js';
import { textOf } from './fields.js';
import { modules } from './modules.js';
import type { PhpArray } from './php-session.js';
import { moduleArray } from './session-parts.js';
import { isNative, nativeShell, themeOf } from './themes.js';
import { arrayIn, modulesOf, userOf, type Visit } from './visit.js';

const sheets = ['bootstrap.min.css', 'ispconfig.css?ver=3.2', 'themes/default/theme.min.css'];

/** `/index.php`: the document around all fragments. */
export function shell(visit: Visit): Answer {
  const user = userOf(visit);
  if (!user) return redirect('/login/');
  const start = modules[moduleOf(visit)]?.start ?? 'dashboard/dashboard.php';
  const theme = themeOf(visit);
  if (isNative(theme)) {
    return html(nativeShell(theme, escapeHtml(String(user.username)), start, modulesOf(user)));
  }
  return html(`<!DOCTYPE html>
<html lang='en'>
<head>
  <meta charset='utf-8' />
  <title>Stand-in panel</title>
${sheets.map((sheet) => `  <link rel='stylesheet' href='themes/default/assets/stylesheets/${sheet}' />`).join('\n')}
${theme === 'dark' ? "  <link rel='stylesheet' href='themes/dark/assets/dark.css' />" : ''}
</head>
<body>
<div class="wrapper">
<header class="page-header-bar">
  <span id="logo">Stand-in panel</span>
  <button type='button' id='logout-button' class='btn btn-sm btn-danger text-uppercase' data-load-content="login/logout.php">Logout ${escapeHtml(String(user.username))}</button>
</header>
<div id="topnav-container"></div>
<div class="columns">
<aside id="sidebar"></aside>
<main id="content">
<form method="post" action="" id="pageForm" name="pageForm" enctype="multipart/form-data" class='form-horizontal' role='form'>
<div id="pageContent" data-startpage="${start}"><!-- fragments --></div>
</form>
</main>
</div>
<footer id="footer">a stand-in for tests</footer>
</div>
<script type="text/javascript" src="js/jquery.min.js"></script>
<script src='js/select2/select2.min.js'></script>
<script src='js/scrigo.js.php'></script>
<script src='themes/default/assets/javascripts/ispconfig.js'></script>
</body>
</html>
`);
}

/** `/nav.php?nav=side|top`. */
export function navigation(visit: Visit): Answer {
  const user = userOf(visit);
  const which = textOf(visit.request.query, 'nav');
  if (which === 'top') return user ? html(topMenu(visit, user)) : redirect('/login/');
  return html(user && which === 'side' ? sideMenu(visit) : '');
}

/** `/capp.php?mod=`: another module becomes the session's. */
export function changeModule(visit: Visit): Answer {
  const name = textOf(visit.request.query, 'mod');
  const user = userOf(visit);
  const module = modules[name];
  if (!user) return html('URL_REDIRECT: /index.php');
  if (!module || !modulesOf(user).includes(name))
    return html("<div class='alert alert-danger clear'>301</div>");
  arrayIn(visit.session.data, 's').module = moduleArray(name);
  return html(`HEADER_REDIRECT:${module.start}`);
}

/** `/datalogstatus.php`, which every open tab asks every five seconds. */
export function dataLogStatus(visit: Visit): Answer {
  return userOf(visit) ? html(JSON.stringify({ count: 0, entries: [] })) : redirect('/login/');
}

/** `/keepalive.php`, for anybody. */
export function keepAlive(): Answer {
  return html('');
}

/** `/js/scrigo.js.php`, for anybody. */
export function shellSettings(): Answer {
  return {
    status: 200,
    body: 'var standInSettings = { keepAlive: 1000000, dataLog: 5000 };\n',
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
  };
}

function moduleOf(visit: Visit): string {
  return String(arrayIn(arrayIn(visit.session.data, 's'), 'module').name ?? 'dashboard');
}

function topMenu(visit: Visit, user: PhpArray): string {
  const items = Object.entries(modules)
    .filter(([name]) => modulesOf(user).includes(name))
    .map(([name, { label }]) => {
      const active = name === moduleOf(visit) ? 'active' : '';
      return `  <a href="#" class="btn btn-default ${active}" data-capp="${name}">
    <div class="title">${label}</div>
  </a>`;
    });
  return `<nav id='main-navigation' class='btn-group btn-group-justified'>\n${items.join('\n')}\n</nav>`;
}

/** One list per section, with the same id on purpose. */
function sideMenu(visit: Visit): string {
  return Object.entries(modules[moduleOf(visit)]?.sections ?? {})
    .map(([section, items]) => {
      const lines = items.map(
        ({ id, label, path }) =>
          `  <li${id ? ` id='${id}' ` : ''}>
    <a href="#" data-load-content="${path}">
      <div>
        <strong>${label}</strong>
      </div>
    </a>
  </li>`,
      );
      const first = items[0]?.path ?? '';
      return `<header><a href="#" class="subnav-header" data-load-content="${first}">${section}</a></header>  <ul id="sub-navigation">\n${lines.join('\n')}\n</ul>`;
    })
    .join('\n');
}
