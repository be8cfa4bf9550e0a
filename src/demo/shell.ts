import type { Context } from 'koa';
import type { MenuEntry, TwoFactor } from '../index.js';
import type { MessageKey } from './messages-en.js';
import type { Views } from './views.js';
import type { Visitor } from './visitors.js';

type Section = 'home' | 'tools' | 'system' | 'mail';

interface Entry {
  readonly section: Section;
  readonly group: MessageKey;
  readonly label: MessageKey;
  readonly path: string;
  readonly roles: readonly string[];
}

/** A page of the panel. `forms`: markup to stand behind the page's own form. */
export interface ShellPage {
  readonly title: string;
  readonly html: string;
  readonly forms?: string;
}

const USERS = ['admin', 'reseller', 'client'];
const TOP: Record<Section, { label: MessageKey; path: string; roles: readonly string[] }> = {
  home: { label: 'menu.home', path: '/', roles: USERS },
  mail: { label: 'menu.mail', path: '/mailuser/overview', roles: ['mailuser'] },
  tools: { label: 'menu.tools', path: '/tools/user_settings', roles: USERS },
  system: { label: 'menu.system', path: '/admin/users', roles: ['admin'] },
};
const SIDE: readonly Entry[] = [
  {
    section: 'tools',
    group: 'menu.user-settings',
    label: 'menu.user-settings',
    path: TOP.tools.path,
    roles: USERS,
  },
  {
    section: 'system',
    group: 'menu.user-management',
    label: 'menu.users',
    path: TOP.system.path,
    roles: ['admin'],
  },
  {
    section: 'mail',
    group: 'menu.email-account',
    label: 'menu.overview',
    path: TOP.mail.path,
    roles: ['mailuser'],
  },
  {
    section: 'mail',
    group: 'menu.email-account',
    label: 'menu.password',
    path: '/mailuser/password',
    roles: ['mailuser'],
  },
];

/** The frame around every page: menus, who is logged in, the way out. */
export class Shell {
  readonly #views: Views;
  readonly #plugin: () => TwoFactor | undefined;

  constructor(views: Views, plugin: () => TwoFactor | undefined) {
    this.#views = views;
    this.#plugin = plugin;
  }

  /** A whole document. */
  async page(ctx: Context, visitor: Visitor, { title, html, forms = '' }: ShellPage): Promise<string> {
    const { account, actor, csrf } = visitor;
    const plugin = this.#plugin();
    const added = plugin ? await plugin.menu(ctx) : [];
    const entries = SIDE.filter(({ roles }) => roles.includes(account.role));
    const section = sectionOf(ctx.path, entries, added);
    return this.#views.render('shell', this.#views.language(ctx, account.language), {
      title,
      html,
      forms,
      account,
      csrf,
      former: actor === account ? undefined : actor,
      path: ctx.path,
      section,
      top: Object.entries(TOP)
        .filter(([, { roles }]) => roles.includes(account.role))
        .map(([name, { label, path }]) => ({ name, label, path })),
      side: entries.filter((entry) => entry.section === section),
      withPlugin: plugin !== undefined,
      added: added.filter((entry) => entry.section === section),
    });
  }
}

function sectionOf(path: string, entries: readonly Entry[], added: readonly MenuEntry[]): string {
  const isAt = (entry: { path: string }) => path === entry.path || path.startsWith(`${entry.path}/`);
  const own = entries.find(isAt) ?? added.find(isAt);
  if (own) return own.section;
  if (path === TOP.home.path) return 'home';
  return entries[0]?.section ?? 'home';
}
