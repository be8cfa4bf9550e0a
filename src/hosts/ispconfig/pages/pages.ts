import type { Context } from 'koa';
import type { PageEdit, PageParts, PanelAnswer } from '../../gateway-host.js';
import { LOGIN_NOTICES } from '../../panel-host.js';
import type { Visit } from '../sessions/sessions.js';
import { editLoginPage, editStepPage } from './login-page.js';
import { FORCED_PASSWORD_PATH, isLoginPage } from './paths.js';
import { ACCOUNT_FORM, editShell, SAVE_FORM } from './shell-page.js';
import { editSideMenu } from './side-menu.js';
import { SlotPage } from './slot-page.js';

type Session = Extract<Visit, { kind: 'session' }>;
type Edit = (html: string, ctx: Context, parts: PageParts, visit: Session) => Promise<string | undefined>;

/** The query parameter that tells our notice to the login page; the panel never sees it. */
export const NOTICE_PARAMETER = 'twofa';

const SHELL = ['/', '/index.php'];
const USER_SETTINGS = '/tools/user_settings.php';
const MAIL_PASSWORD = '/mailuser/mail_user_password_edit.php';
const USER_EDIT = '/admin/users_edit.php';
const NAVIGATION = '/nav.php';

const EDITS: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ...SHELL.map((path): [string, Edit] => [path, shell]),
  [USER_SETTINGS, (html, ctx, parts) => ownSlot(html, ctx, parts, 'settings')],
  [MAIL_PASSWORD, (html, ctx, parts) => ownSlot(html, ctx, parts, 'password')],
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

/** How to change the answer; a page that is not as expected, or a slot that fails, passes as it is and is logged. */
export function editFor(
  ctx: Context,
  answer: PanelAnswer,
  parts: PageParts,
  visit: Visit,
  log: (message: string, error?: unknown) => void,
): PageEdit | undefined {
  if (ctx.method === 'HEAD' || answer.status !== 200 || !isPlainHtml(answer)) return undefined;
  const edit = editOf(ctx, parts, visit);
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
): ((html: string) => Promise<string | undefined>) | undefined {
  if (isLoginPage(ctx.path)) {
    const notice = LOGIN_NOTICES.find((known) => known === ctx.query[NOTICE_PARAMETER]);
    return notice && (async (html) => editLoginPage(html, parts.notice(ctx, notice)));
  }
  if (ctx.path === FORCED_PASSWORD_PATH && visit.kind === 'panel-step')
    return async (html) => editStepPage(html, await parts.leaveEntry(ctx));
  const edit = EDITS.get(ctx.path);
  if (!edit || visit.kind !== 'session' || (ctx.path === NAVIGATION && ctx.query.nav !== 'side'))
    return undefined;
  return (html) => edit(html, ctx, parts, visit);
}

function isPlainHtml({ headers }: PanelAnswer): boolean {
  return /^text\/html\b/i.test(String(headers['content-type'])) && headers['content-encoding'] === undefined;
}

async function shell(html: string, ctx: Context, parts: PageParts) {
  return editShell(html, parts.mount, await parts.forms(ctx));
}

async function ownSlot(html: string, ctx: Context, parts: PageParts, slot: 'settings' | 'password') {
  const block = await parts.slot(ctx, { slot, form: SAVE_FORM });
  const action = `${parts.mount}/settings/save`;
  return new SlotPage(html, ctx.path).with(block, { form: SAVE_FORM, action, mirrored: true });
}

async function userEdit(html: string, ctx: Context, parts: PageParts) {
  const page = new SlotPage(html, ctx.path);
  const id = page.recordId;
  if (!id) return html;
  const account = { realm: 'user', id } as const;
  const block = await parts.slot(ctx, { slot: 'user-edit', form: ACCOUNT_FORM, account });
  const action = `${parts.mount}/accounts/user/${id}`;
  return page.with(block, { form: ACCOUNT_FORM, action, mirrored: false });
}

async function sideMenu(html: string, ctx: Context, parts: PageParts, { session, modules }: Session) {
  const hasSettings = session.account.realm === 'mailuser' || modules.includes('tools');
  const own = hasSettings ? undefined : await parts.settingsEntry(ctx);
  return editSideMenu(html, await parts.menu(ctx), own);
}
