import type { MenuEntry } from '../../slot.js';
import { escapeHtml, Markup } from './markup.js';

/** The login page with a sentence above its form; undefined when there is no form. */
export function editLoginPage(html: string, sentence: string): string | undefined {
  const page = new Markup(html, 'document');
  const form = page.find(({ tagName }) => tagName === 'form');
  if (!form) return undefined;
  page.before(form, `<div class="alert alert-danger" role="alert">${escapeHtml(sentence)}</div>`);
  return page.toString();
}

/** A page between password and login with a link below its form; undefined when there is no form. */
export function editStepPage(html: string, { path, label }: MenuEntry): string | undefined {
  const page = new Markup(html, 'document');
  const form = page.find(({ tagName }) => tagName === 'form');
  if (!form) return undefined;
  page.after(form, `<p class="twofa-leave"><a href="${escapeHtml(path)}">${escapeHtml(label)}</a></p>`);
  return page.toString();
}
