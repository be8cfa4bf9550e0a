import { arrayIn, type Visit } from './visit.js';

/**
 * Themes of the stand-in, written for tests after facts of public ones: `dark` is the default one with light text; `native`
 * has a shell without jQuery that comes late, other classes and any kind of Save; `sealed` is native with a Save
 * that only its script knows, and makes its menus itself.
 */
export const themes = ['default', 'dark', 'native', 'sealed'] as const;
export type Theme = (typeof themes)[number];

export function themeOf(visit: Visit): Theme {
  const name = arrayIn(visit.session.data, 's').theme;
  return themes.find((theme) => theme === name) ?? 'default';
}

export function isNative(theme: Theme): boolean {
  return theme === 'native' || theme === 'sealed';
}

/** What saves a page of the theme `native`. */
export const saveControls = {
  button: (path: string) =>
    `<button type="button" data-submit-form="pageForm" data-form-action="${path}">Save</button>`,
  submit: () => '<button class="primary">Save</button>',
  image: () => '<input type="image" src="/themes/native/assets/save.svg" alt="Save">',
  formaction: (path: string) => `<button formaction="${path}">Save</button>`,
  link: (path: string) =>
    `<a href="#" onclick="ISPConfig.submitPageForm('pageForm', '${path}'); return false">Save</a>`,
  requestSubmit: () =>
    '<a href="#" onclick="document.getElementById(\'pageForm\').requestSubmit(); return false">Save</a>',
} as const;
export type SaveControl = keyof typeof saveControls;

/** The buttons below a form. */
export function nativeButtons(theme: Theme, control: SaveControl, path: string, back: string): string {
  const save =
    theme === 'sealed' ? '<button type="button" class="go">Save</button>' : saveControls[control](path);
  return `<div class="n-actions"><div>${save}
<button type="button" data-load-content="${back}">Cancel</button></div></div>`;
}

/** The same line of a form in the theme's own classes. */
export function nativeLine(line: string): string {
  return line
    .replaceAll('class="form-group"', 'class="n-line"')
    .replaceAll(' class="col-sm-3 control-label"', '')
    .replaceAll('class="col-sm-9"', 'class="n-body"')
    .replaceAll('class="form-control"', 'class="n-field"')
    .replaceAll('class="btn btn-default"', 'class="n-button"');
}

/** The shell of the native themes. */
export function nativeShell(theme: Theme, name: string, start: string, modules: readonly string[]): string {
  const menu = modules.map((module) => `<a href="#" data-capp="${module}">${module}</a>`).join(' ');
  return `<!doctype html>
<html class="n-root"><head><meta charset="utf-8"><title>Native stand-in</title>
<link rel="stylesheet" href="/themes/native/assets/native.css">
<script defer src="/themes/native/assets/native.js"></script></head>
<body data-theme-name="${theme}"><header><span>Native stand-in</span>
<button type="button" id="logout-button" data-load-content="login/logout.php">Logout ${name}</button></header>
<nav id="main-navigation">${menu}</nav>
<div class="n-columns"><aside id="sidebar"></aside>
<form method="post" action="" id="pageForm" name="pageForm"><main id="pageContent" data-startpage="${start}"></main></form></div>
</body></html>`;
}
