import { attribute, escapeHtml, Markup } from './markup.js';

/** The forms in the shell that the page's Save button submits, by the slot they belong to. */
export const SAVE_FORM = 'twofa-save';
export const ACCOUNT_FORM = 'twofa-account';

/** The way to our settings page, for the script to show where nothing else leads there. */
export interface ShellWay {
  readonly label: string;
  readonly path: string;
  /** The pages that are expected to have a slot of the visitor's own. */
  readonly pages: readonly string[];
  /** Is it known now that he has no such page? */
  readonly isNeeded: boolean;
}

/**
 * The shell gets our style sheets, scripts and forms at the end of its body. The forms have to stand outside the
 * panel's form around every fragment; fields in the slots name them, and so never reach PHP. `forms` are the plugin's.
 * Undefined for a page that is no shell: it has neither the panel's form nor a script to fill it.
 */
export function editShell(html: string, mount: string, forms: string, way: ShellWay): string | undefined {
  const page = new Markup(html, 'document');
  const hasForm = page.find((element) => attribute(element, 'id') === 'pageForm') !== undefined;
  const hasScript = page.find(
    (element) => attribute(element, 'src') !== undefined && element.tagName === 'script',
  );
  const body = page.find(({ tagName }) => tagName === 'body');
  if (!body?.sourceCodeLocation || !(hasForm || hasScript)) return undefined;
  const { label, path, pages, isNeeded } = way;
  const needed = isNeeded || !hasForm ? ' data-twofa-needed' : '';
  const added = [
    ...['panel-2fa', 'ispconfig'].map((name) => `<link rel="stylesheet" href="${mount}/assets/${name}.css">`),
    `<form id="${SAVE_FORM}" method="post" action="${mount}/settings/save"></form>`,
    `<form id="${ACCOUNT_FORM}" method="post" action="${mount}/accounts"></form>`,
    forms,
    `<p id="twofa-way" hidden data-twofa-pages="${escapeHtml(pages.join(' '))}"${needed}><a href="${escapeHtml(path)}">${escapeHtml(label)}</a></p>`,
    ...['panel-2fa', 'shade', 'ispconfig'].map(
      (name) => `<script src="${mount}/assets/${name}.js"></script>`,
    ),
  ];
  const text = `${added.join('\n')}\n`;
  // Its end tag may be left out.
  if (!page.append(body, text)) page.atEnd(text);
  return page.toString();
}
