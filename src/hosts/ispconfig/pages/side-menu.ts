import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { MenuEntry } from '../../slot.js';
import { around, attribute, escapeHtml, Markup } from './markup.js';

interface Neighbour {
  readonly id: string;
  readonly page: string;
}

/** The item of the panel's own menu whose list an entry of ours joins, by section: its id, and the page it leads to. */
const NEIGHBOURS: ReadonlyMap<string, Neighbour> = new Map([
  ['system', { id: 'user_list', page: 'admin/users_list.php' }],
]);

/**
 * The side menu with our entries. Which part of the panel it belongs to is in the session only, so its items tell; an
 * entry whose part is not shown is left out. `own` is for users who have no page with the slot; it is shown in every part.
 */
export function editSideMenu(
  html: string,
  entries: readonly MenuEntry[],
  own: MenuEntry | undefined,
): string {
  const menu = new Markup(html, 'fragment');
  for (const entry of entries) {
    const neighbour = NEIGHBOURS.get(entry.section);
    const item = neighbour && itemBy(menu, neighbour);
    const list = item && around(item, isList);
    if (list) menu.append(list, itemOf(entry, menu));
  }
  if (!own) return menu.toString();
  const list = menu.find(({ tagName }) => tagName === 'ul');
  return `${menu.toString()}<ul id="sub-navigation"${classOf(list)}>${itemOf(own, menu)}</ul>`;
}

/** Other themes keep no ids; what an item leads to is the same in all. */
function itemBy(menu: Markup, { id, page }: Neighbour): Tree.Element | undefined {
  return (
    menu.find((element) => attribute(element, 'id') === id) ??
    menu.find(
      (element) =>
        element.attrs.some(({ value }) => value.replace(/^\.?\//, '') === page) &&
        around(element, isList) !== undefined,
    )
  );
}

function isList({ tagName }: Tree.Element): boolean {
  return tagName === 'ul' || tagName === 'ol';
}

/** An item that looks like those of the menu: with the classes of the first. */
function itemOf({ label, path }: MenuEntry, menu: Markup): string {
  const item = menu.find(({ tagName }) => tagName === 'li');
  const link = item && menu.find(({ tagName }) => tagName === 'a', item);
  return `<li${classOf(item)}><a${classOf(link)} href="${escapeHtml(path)}"><div><strong>${escapeHtml(label)}</strong></div></a></li>`;
}

function classOf(element: Tree.Element | undefined): string {
  const kept = (element && attribute(element, 'class'))
    ?.split(/\s+/)
    .filter((name) => name && !/active|current|selected/i.test(name));
  return kept?.length ? ` class="${escapeHtml(kept.join(' '))}"` : '';
}
