import type { Context } from 'koa';
import { queryParameter } from '../../../core/base/query.js';
import type { PageEdit, PageParts, PanelAnswer } from '../../gateway-host.js';
import type { UnknownPage } from '../../page-book.js';
import { LOGIN_NOTICES } from '../../panel-host.js';
import type { Visit } from '../sessions/sessions.js';
import { editLoginPage, editStepPage } from './login-page.js';
import { FORCED_PASSWORD_PATH, isLoginPage } from './paths.js';
import { ACCOUNT_FORM, editShell, SAVE_FORM } from './shell-page.js';
import { editSideMenu } from './side-menu.js';
import { SlotPage } from './slot-page.js';
import { UnknownPages } from './unknown-pages.js';
import { HOME_PATH } from './way.js';

type Session = Extract<Visit, { kind: 'session' }>;

/** What an edit of a page of somebody's session has beside the page. */
interface Edited {
  readonly ctx: Context;
  readonly parts: PageParts;
  readonly visit: Session;
  readonly unknown: UnknownPages;
  readonly panelPage: PanelPage;
}

type Edit = (html: string, edited: Edited) => Promise<string | undefined>;

/** Asks the panel for a page in the name of this visitor; undefined when it does not show it. */
export type PanelPage = (path: string) => Promise<string | undefined>;

export interface EditHelp {
  readonly panelPage: PanelPage;
  /** Told of pages that are not recognised, and asked for them by the menu. */
  readonly unknown?: UnknownPages;
  log(message: string, error?: unknown): void;
}

/** The query parameter that tells our notice to the login page; the panel never sees it. */
export const NOTICE_PARAMETER = 'twofa';

const USER_SETTINGS = '/tools/user_settings.php';
const MAIL_PASSWORD = '/mailuser/mail_user_password_edit.php';
const USER_EDIT = '/admin/users_edit.php';
const NAVIGATION = '/nav.php';

const EDITS: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ['/', shell],
  [HOME_PATH, shell],
  [USER_SETTINGS, (html, edited) => ownSlot(html, edited, 'settings')],
  [MAIL_PASSWORD, (html, edited) => ownSlot(html, edited, 'password')],
  [USER_EDIT, userEdit],
  [NAVIGATION, sideMenu],
]);

/** The module that a page with a slot belongs to: without it the panel sends its visitor away. */
const MODULES: ReadonlyMap<string, string> = new Map([
  [USER_SETTINGS, 'tools'],
  [MAIL_PASSWORD, 'mailuser'],
  [USER_EDIT, 'admin'],
]);

/** May the answer to a request for this path be changed? Then it has to come uncompressed. */
export function isEditable(path: string): boolean {
  return EDITS.has(path) || isLoginPage(path) || path === FORCED_PASSWORD_PATH;
}

/** Does the panel show this page to somebody with these modules? */
export function isPageOf(path: string, modules: readonly string[]): boolean {
  const needed = MODULES.get(path);
  return needed === undefined || modules.includes(needed);
}

/**
 * How to change the answer; a page that is not as expected, or a slot that fails, passes as it is. That is logged, and
 * of a page that somebody only looked at once, until it is recognised again.
 */
export function editFor(
  ctx: Context,
  answer: PanelAnswer,
  parts: PageParts,
  visit: Visit,
  { log, panelPage, unknown = new UnknownPages() }: EditHelp,
): PageEdit | undefined {
  if (ctx.method === 'HEAD' || answer.status !== 200 || !isPlainHtml(answer)) return undefined;
  const edit = editOf(ctx, parts, visit, { panelPage, unknown });
  if (!edit) return undefined;
  return async (html) => {
    try {
      const changed = await edit(html);
      if (visit.kind !== 'session' || ctx.method !== 'GET') {
        if (changed === undefined) log(`${ctx.path} is not the page we know; it passes unchanged`);
        return changed ?? html;
      }
      const page = pageOf(ctx.path, visit);
      if (changed !== undefined) unknown.drop(page);
      else if (unknown.add(page))
        log(`${page.path} is not the page we know in the theme ${page.theme}; it passes unchanged`);
      return changed ?? html;
    } catch (error) {
      log(`${ctx.path} passes unchanged`, error);
      return html;
    }
  };
}

function editOf(
  ctx: Context,
  parts: PageParts,
  visit: Visit,
  help: Pick<Edited, 'panelPage' | 'unknown'>,
): ((html: string) => Promise<string | undefined>) | undefined {
  if (isLoginPage(ctx.path)) {
    const notice = LOGIN_NOTICES.find((known) => known === queryParameter(ctx.querystring, NOTICE_PARAMETER));
    return notice && (async (html) => editLoginPage(html, parts.notice(ctx, notice)));
  }
  if (ctx.path === FORCED_PASSWORD_PATH && visit.kind === 'panel-step')
    return async (html) => editStepPage(html, await parts.leaveEntry(ctx));
  const edit = EDITS.get(ctx.path);
  if (
    !edit ||
    visit.kind !== 'session' ||
    (ctx.path === NAVIGATION && queryParameter(ctx.querystring, 'nav') !== 'side')
  )
    return undefined;
  return (html) => edit(html, { ctx, parts, visit, ...help });
}

/** The shell has two paths. */
function pageOf(path: string, { theme = 'default' }: Session): UnknownPage {
  return { path: path === '/' ? HOME_PATH : path, theme };
}

function isPlainHtml({ headers }: PanelAnswer): boolean {
  return /^text\/html\b/i.test(String(headers['content-type'])) && headers['content-encoding'] === undefined;
}

async function shell(html: string, { ctx, parts, visit, unknown }: Edited) {
  const own = await parts.settingsEntry(ctx);
  const way = { ...own, pages: [USER_SETTINGS, MAIL_PASSWORD], isNeeded: needsWay(visit, unknown) };
  return editShell(html, parts.mount, await parts.forms(ctx), way);
}

async function ownSlot(html: string, { ctx, parts, panelPage }: Edited, slot: 'settings' | 'password') {
  const page = new SlotPage(html, ctx.path);
  // A form that comes back shows what was asked for, which need not have been saved.
  const isSaved = ctx.method === 'GET' || page.panelKind === undefined;
  const panelKind = isSaved ? page.panelKind : await panelKindOf(ctx.path, panelPage);
  const request = { slot, form: SAVE_FORM, panelKind: async () => panelKind };
  const block = await parts.slot(ctx, request);
  const action = `${parts.mount}/settings/save`;
  const elsewhere = await parts.settingsEntry(ctx);
  return page.with(block, { form: SAVE_FORM, action, mirrored: true, panelKind, elsewhere });
}

/** The panel's own second factor that is on for this visitor. */
async function panelKindOf(path: string, panelPage: PanelPage): Promise<string | undefined> {
  const html = await panelPage(path);
  return html === undefined ? undefined : new SlotPage(html, path).panelKind;
}

async function userEdit(html: string, { ctx, parts }: Edited) {
  const page = new SlotPage(html, ctx.path);
  const id = page.recordId;
  if (!id) return html;
  const account = { realm: 'user', id } as const;
  const block = await parts.slot(ctx, { slot: 'user-edit', form: ACCOUNT_FORM, account });
  const action = `${parts.mount}/accounts/user/${id}`;
  const { label } = await parts.settingsEntry(ctx);
  return page.with(block, {
    form: ACCOUNT_FORM,
    action,
    mirrored: false,
    elsewhere: { label, path: action },
  });
}

async function sideMenu(html: string, { ctx, parts, visit, unknown }: Edited) {
  const own = needsWay(visit, unknown) ? await parts.settingsEntry(ctx) : undefined;
  return editSideMenu(html, await parts.menu(ctx), own);
}

/** Has this visitor no page of the panel with his own slot: no module for it, or a theme in which it is not to be recognised? */
function needsWay(visit: Session, unknown: UnknownPages): boolean {
  const ownPage = visit.session.account.realm === 'mailuser' ? MAIL_PASSWORD : USER_SETTINGS;
  const isUnknown = (path: string) => unknown.has(pageOf(path, visit));
  return !isPageOf(ownPage, visit.modules) || isUnknown(ownPage) || isUnknown(HOME_PATH);
}
