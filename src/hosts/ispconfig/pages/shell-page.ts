import { Markup } from './markup.js';

/** The forms in the shell that the page's Save button submits, by the slot they belong to. */
export const SAVE_FORM = 'twofa-save';
export const ACCOUNT_FORM = 'twofa-account';

/**
 * The shell gets our style sheets, scripts and forms at the end of its body. The forms have to stand outside the
 * panel's form around every fragment; fields in the slots name them, and so never reach PHP. `forms` are the plugin's.
 */
export function editShell(html: string, mount: string, forms: string): string | undefined {
  const page = new Markup(html, 'document');
  const isShell = page.find(({ attrs }) =>
    attrs.some(({ name, value }) => name === 'id' && value === 'pageForm'),
  );
  const body = page.find(({ tagName }) => tagName === 'body');
  if (!isShell || !body) return undefined;
  const added = [
    ...['panel-2fa', 'ispconfig'].map((name) => `<link rel="stylesheet" href="${mount}/assets/${name}.css">`),
    `<form id="${SAVE_FORM}" method="post" action="${mount}/settings/save"></form>`,
    `<form id="${ACCOUNT_FORM}" method="post" action="${mount}/accounts"></form>`,
    forms,
    ...['panel-2fa', 'ispconfig'].map((name) => `<script src="${mount}/assets/${name}.js"></script>`),
  ];
  return page.append(body, `${added.join('\n')}\n`) ? page.toString() : undefined;
}
