import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { around, attribute, type Markup } from './markup.js';

/** Attributes that name where a form is sent, in the panel's own words and in those of other themes. */
const SENDS = /^(?:formaction|hx-post|data-(?:[\w-]+-)?(?:action|submit|save|post|url|target))$/;
const RUNS = /^on(?:click|mousedown|pointerdown|submit)$/;
/** Says that the same path is only shown, or that a tab is changed. */
const LEADS_ELSEWHERE = /loadContent|changeTab|switchTab|capp\s*\(/i;
const SUBMITS = /(?:submit\w*|requestSubmit|save\w*)\s*\(/i;
const OTHER_WORK =
  /^(?:data-(?:[\w-]+-)?(?:load|generate|copy|reset|tab|module|capp|dialog|toggle)|aria-expanded)/;
const BASE = 'http://panel.invalid/';

/**
 * What saves the page at `path` of the panel, in its order, found by what it does: it names the page as the place to
 * send a form to, it submits a form that does, or it is the last thing that submits anything. No class counts.
 */
export function savingControls(page: Markup, path: string): Tree.Element[] {
  const controls = page.all((element) => isControl(element) && !isTab(element));
  const named = controls.filter((element) => namesPath(element, path));
  if (named.length > 0) return named;
  const last = controls.findLast(runsSubmit) ?? controls.findLast((element) => submitsShell(element));
  return last ? [last] : [];
}

/** A field that somebody fills in: whatever has a name and can be seen. */
export function isField(element: Tree.Element): boolean {
  const isOfForm = /^(?:input|select|textarea)$/.test(element.tagName) && !isControl(element);
  return isOfForm && (attribute(element, 'type') ?? '').toLowerCase() !== 'hidden';
}

function isControl(element: Tree.Element): boolean {
  const { tagName } = element;
  if (tagName === 'button' || tagName === 'a') return true;
  if (tagName === 'input') return /^(?:submit|image|button)$/.test(typeOf(element));
  return attribute(element, 'role') === 'button';
}

function typeOf(element: Tree.Element): string {
  return (attribute(element, 'type') ?? '').toLowerCase();
}

function isTab(element: Tree.Element): boolean {
  return (
    attribute(element, 'role') === 'tab' ||
    element.attrs.some(
      ({ name, value }) =>
        /^data-(?:[\w-]+-)?tab/.test(name) || (RUNS.test(name) && LEADS_ELSEWHERE.test(value)),
    )
  );
}

function namesPath(element: Tree.Element, path: string): boolean {
  return (
    element.attrs.some(({ name, value }) => {
      if (SENDS.test(name)) return leadsTo(value, path);
      return isScript(name, value) && scriptNames(value, path);
    }) ||
    (isSubmit(element) && isOfFormTo(element, path))
  );
}

function isOfFormTo(element: Tree.Element, path: string): boolean {
  const form = around(element, ({ tagName }) => tagName === 'form');
  const action = form && attribute(form, 'action');
  return action !== undefined && leadsTo(action, path);
}

function runsSubmit(element: Tree.Element): boolean {
  return element.attrs.some(({ name, value }) => isScript(name, value) && SUBMITS.test(value));
}

/** Submits the form around it, which here is the shell's: without a place or any other work of its own. */
function submitsShell(element: Tree.Element): boolean {
  if (!isSubmit(element) || around(element, ({ tagName }) => tagName === 'form')) return false;
  return !element.attrs.some(
    ({ name, value }) =>
      SENDS.test(name) || OTHER_WORK.test(name) || (name === 'form' && value !== 'pageForm'),
  );
}

function isSubmit(element: Tree.Element): boolean {
  if (element.tagName === 'button') return typeOf(element) !== 'button' && typeOf(element) !== 'reset';
  return element.tagName === 'input' && /^(?:submit|image)$/.test(typeOf(element));
}

function isScript(name: string, value: string): boolean {
  return RUNS.test(name) || (name === 'href' && /^\s*javascript:/i.test(value));
}

function leadsTo(address: string, path: string): boolean {
  return (
    address !== '' &&
    URL.canParse(address, BASE) &&
    new URL(address, BASE).href.split(/[?#]/, 1)[0] === BASE.slice(0, -1) + path
  );
}

/** Does the script have this path in quotation marks, of which either kind may be written? */
function scriptNames(script: string, path: string): boolean {
  return [...script.matchAll(/(["'`])(.*?)\1/g)].some(([, , text = '']) => leadsTo(text, path));
}
