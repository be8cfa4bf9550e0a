import type { MenuEntry } from '../../slot.js';
import { around, attribute, escapeHtml, Markup } from './markup.js';

/** The item of the panel's own menu whose list an entry of ours joins, by section. */
const NEIGHBOURS: ReadonlyMap<string, string> = new Map([['system', 'user_list']]);

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
    const item = neighbour && menu.find((element) => attribute(element, 'id') === neighbour);
    const list = item && around(item, ({ tagName }) => tagName === 'ul');
    if (list) menu.append(list, itemOf(entry));
  }
  return menu.toString() + (own ? `<ul id="sub-navigation">${itemOf(own)}</ul>` : '');
}

function itemOf({ label, path }: MenuEntry): string {
  return `<li><a href="${escapeHtml(path)}"><div><strong>${escapeHtml(label)}</strong></div></a></li>`;
}
