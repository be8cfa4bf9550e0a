import type { Context } from 'koa';
import { queryParameter } from '../../../core/base/query.js';
import type { PageEdit, PageParts, PanelAnswer } from '../../gateway-host.js';
import { LOGIN_NOTICES } from '../../panel-host.js';
import type { Visit } from '../sessions/sessions.js';
import { editLoginPage, editStepPage } from './login-page.js';
import { FORCED_PASSWORD_PATH, isLoginPage } from './paths.js';
import { ACCOUNT_FORM, editShell, SAVE_FORM } from './shell-page.js';
import { editSideMenu } from './side-menu.js';
import { SlotPage } from './slot-page.js';

type Session = Extract<Visit, { kind: 'session' }>;

/** What an edit has at hand. */
interface Editing {
  readonly ctx: Context;
  readonly parts: PageParts;
  readonly visit: Session;
  readonly panelPage: PanelPage;
}

type Edit = (html: string, editing: Editing) => Promise<string | undefined>;

/** Asks the panel for a page in the name of this visitor; undefined when it does not show it. */
export type PanelPage = (path: string) => Promise<string | undefined>;

/** The query parameter that tells our notice to the login page; the panel never sees it. */
export const NOTICE_PARAMETER = 'twofa';

const SHELL = ['/', '/index.php'];
const USER_SETTINGS = '/tools/user_settings.php';
const MAIL_PASSWORD = '/mailuser/mail_user_password_edit.php';
const USER_EDIT = '/admin/users_edit.php';
const NAVIGATION = '/nav.php';

const EDITS: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ...SHELL.map((path): [string, Edit] => [path, shell]),
  [USER_SETTINGS, (html, editing) => ownSlot(html, editing, 'settings')],
  [MAIL_PASSWORD, (html, editing) => ownSlot(html, editing, 'password')],
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

export interface EditHelp {
  readonly panelPage: PanelPage;
  log(message: string, error?: unknown): void;
}

/** How to change the answer; a page that is not as expected, or a slot that fails, passes as it is and is logged. */
export function editFor(
  ctx: Context,
  answer: PanelAnswer,
  parts: PageParts,
  visit: Visit,
  { log, panelPage }: EditHelp,
): PageEdit | undefined {
  if (ctx.method === 'HEAD' || answer.status !== 200 || !isPlainHtml(answer)) return undefined;
  const edit = editOf(ctx, parts, visit, panelPage);
  if (!edit) return undefined;
  return async (html) => {
    try {
      const changed = await edit(html);
      if (changed === undefined) log(`${ctx.path} is not the page we know; it passes unchanged`);
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
  panelPage: PanelPage,
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
  return (html) => edit(html, { ctx, parts, visit, panelPage });
}

function isPlainHtml({ headers }: PanelAnswer): boolean {
  return /^text\/html\b/i.test(String(headers['content-type'])) && headers['content-encoding'] === undefined;
}

async function shell(html: string, { ctx, parts }: Editing) {
  return editShell(html, parts.mount, await parts.forms(ctx));
}

async function ownSlot(html: string, { ctx, parts, panelPage }: Editing, slot: 'settings' | 'password') {
  const page = new SlotPage(html, ctx.path);
  // A form that comes back shows what was asked for, which need not have been saved.
  const isSaved = ctx.method === 'GET' || page.panelKind === undefined;
  const panelKind = isSaved ? page.panelKind : await panelKindOf(ctx.path, panelPage);
  const request = { slot, form: SAVE_FORM, panelKind: async () => panelKind };
  const block = await parts.slot(ctx, request);
  const action = `${parts.mount}/settings/save`;
  return page.with(block, { form: SAVE_FORM, action, mirrored: true, panelKind });
}

/** The panel's own second factor that is on for this visitor. */
async function panelKindOf(path: string, panelPage: PanelPage): Promise<string | undefined> {
  const html = await panelPage(path);
  return html === undefined ? undefined : new SlotPage(html, path).panelKind;
}

async function userEdit(html: string, { ctx, parts }: Editing) {
  const page = new SlotPage(html, ctx.path);
  const id = page.recordId;
  if (!id) return html;
  const account = { realm: 'user', id } as const;
  const block = await parts.slot(ctx, { slot: 'user-edit', form: ACCOUNT_FORM, account });
  const action = `${parts.mount}/accounts/user/${id}`;
  return page.with(block, { form: ACCOUNT_FORM, action, mirrored: false });
}

async function sideMenu(html: string, { ctx, parts, visit: { session, modules } }: Editing) {
  const hasSettings = session.account.realm === 'mailuser' || modules.includes('tools');
  const own = hasSettings ? undefined : await parts.settingsEntry(ctx);
  return editSideMenu(html, await parts.menu(ctx), own);
}
