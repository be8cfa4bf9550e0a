import type { Context } from 'koa';
import { NOTHING_OPEN } from '../../open-paths.js';
import type { Admission } from '../../panel-host.js';
import { isFragment } from './way.js';

export const LOGIN_PATH = '/login/';
export const OTP_PATH = '/login/otp.php';
/** Since 3.3. */
export const FORCED_PASSWORD_PATH = '/login/force_password_change.php';
/** Functions of the panel's shell and of its login pages. */
export const LOGIN_SCRIPT = '/js/scrigo.js.php';
export const LOGOUT_PATH = '/login/logout.php';
const REMOTE_FOLDER = '/remote';
const REMOTE_PREFIX = `${REMOTE_FOLDER}/`;

/** All that the panel serves without a login and that its pages need; nothing else below /login/ is public. */
const PUBLIC: ReadonlyMap<string, Admission> = new Map<string, Admission>([
  [LOGIN_PATH, 'public'],
  ['/login/index.php', 'public'],
  ['/login/password_reset.php', 'public'],
  ['/keepalive.php', 'public'],
  [LOGIN_SCRIPT, 'public'],
  ['/robots.txt', 'static'],
  [OTP_PATH, 'panel-step'],
  [FORCED_PASSWORD_PATH, 'panel-step'],
  [LOGOUT_PATH, 'logout'],
]);

const REMOTE = [
  REMOTE_FOLDER,
  ...['', 'index.php', 'json.php', 'rest.php'].map((file) => REMOTE_PREFIX + file),
];

/** Folders of static files, and what a static file is called. Templates and language files are below no such folder. */
const STATIC =
  /^\/(?:js|themes)\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:css|eot|gif|ico|jpe?g|js|map|otf|png|svg|ttf|webmanifest|webp|woff2?)$/;

const CLEAN = /^\/[A-Za-z0-9_.~!$&'()*+,=:@/-]*$/;
const TRICK = /\/\/|\/\.|\.php./i;
const LONGEST = 8_192;

/** What the panel has at its top, in any of its versions: folders, and files by their name. */
const OWN =
  /^(?:admin|api|capp|client|common|content|dashboard|datalogstatus|designer|dns|dummy_login|help|index|js|keepalive|login|mail|mailuser|monitor|nav|remote|robots|sites|strengthmeter|temp|themes|tools|vm)$/;
/** A theme may have PHP of its own that its login page needs. */
const THEME_FILE = /^\/themes\/[\w-]+\/(?:[\w-]+\/)*[\w-]+\.php$/;

/** Is this path the panel's own, or below one of its own? A file of a theme is not. */
export function isOwn(path: string): boolean {
  const top = (path.split('/')[1] ?? '').toLowerCase();
  return top === '' || (OWN.test(top.replace(/\..*$/, '')) && !THEME_FILE.test(path));
}

/** What a path is to the panel. What is not known for sure is protected. */
export function admissionOf(ctx: Context, paths = NOTHING_OPEN): Admission {
  const { path } = ctx;
  if (paths.passesThrough(path)) return 'open';
  if (paths.methodsOf(path)?.includes(ctx.method)) return 'public';
  if (!isCleanPath(path)) return 'protected';
  if (REMOTE.includes(path)) return 'public';
  // The shell's script comes here only by a redirect of the panel that it follows, and would paste the page into the shell.
  if (isLoginPage(path) && isRead(ctx) && isFragment(ctx)) return 'protected';
  const known = PUBLIC.get(path);
  if (known) return known;
  return isRead(ctx) && isStaticFile(path) ? 'static' : 'protected';
}

export function isStaticFile(path: string): boolean {
  return STATIC.test(path) && !path.includes('.php');
}

export function isLoginPage(path: string): boolean {
  return path === LOGIN_PATH || path === '/login/index.php';
}

export function isRemoteApi(path: string): boolean {
  return path === REMOTE_FOLDER || path.startsWith(REMOTE_PREFIX);
}

/**
 * Why this request target must not reach the panel, undefined when it may. The web server takes more than one spelling
 * for a file; here each has one, so that what is judged is what is served.
 */
export function badTarget(target: string, paths = NOTHING_OPEN): string | undefined {
  if (target.length > LONGEST) return 'a long target';
  if (!/^\/[\x21-\x7e]*$/.test(target) || target.includes('#')) return 'a target that is no path';
  const path = target.split('?', 1)[0] as string;
  return paths.passesThrough(path) || isCleanPath(path) ? undefined : 'another spelling of a path';
}

/** One spelling per file: no encoding, no dots or empty parts, no path info, no upper-case alias of what is known. */
function isCleanPath(path: string): boolean {
  if (!CLEAN.test(path) || TRICK.test(path)) return false;
  if (/\.php$/i.test(path) && !path.endsWith('.php')) return false;
  const lower = path.toLowerCase();
  return lower === path || !(PUBLIC.has(lower) || isRemoteApi(lower) || lower.startsWith('/login'));
}

function isRead(ctx: Context): boolean {
  return ctx.method === 'GET' || ctx.method === 'HEAD';
}
