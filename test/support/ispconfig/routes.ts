import { html, redirect } from './answer.js';
import { forcedPassword } from './forced-password.js';
import { login } from './login.js';
import { loginAs } from './login-as.js';
import { logout } from './logout.js';
import { mailPassword } from './mail-password.js';
import { plainPages } from './modules.js';
import { otp } from './otp.js';
import { passwordReset } from './password-reset.js';
import { dashboard, mailOverview, plainPage } from './plain-pages.js';
import { remoteJson, remoteSoap } from './remote-pages.js';
import { changeModule, dataLogStatus, keepAlive, navigation, shell, shellSettings } from './shell.js';
import { userSettings } from './user-settings.js';
import { usersEdit } from './users-edit.js';
import { usersList } from './users-list.js';
import { modulesOf, type Page, userOf } from './visit.js';

/** A PHP file of the panel. */
export interface Route {
  readonly path: string;
  readonly page: Page;
  /**
   * `public` pages say something to anybody; `session` pages send strangers to the login by themselves; `module`
   * pages send whoever lacks the module to `/index.php`; `sessionless` pages know no cookie.
   */
  readonly kind: 'public' | 'session' | 'module' | 'sessionless';
}

const route = (kind: Route['kind'], path: string, page: Page): Route => ({ kind, path, page });

/** A page of a module, for those whose user has it. */
function modulePage(path: string, page: Page): Route {
  const module = path.split('/')[0] ?? '';
  return route('module', `/${path}`, (visit) => {
    const user = userOf(visit);
    return user && modulesOf(user).includes(module) ? page(visit) : redirect('/index.php');
  });
}

/** Every PHP file that the stand-in has. */
export const routes: readonly Route[] = [
  route('public', '/login/index.php', login),
  route('public', '/login/password_reset.php', passwordReset),
  route('public', '/login/logout.php', logout),
  route('public', '/login/login_as.php', loginAs),
  route('public', '/capp.php', changeModule),
  route('public', '/keepalive.php', keepAlive),
  route('public', '/js/scrigo.js.php', shellSettings),
  route('sessionless', '/help/index.php', () => html('')),
  route('sessionless', '/admin/index.php', () => html('')),
  route('session', '/login/otp.php', otp),
  route('session', '/login/force_password_change.php', forcedPassword),
  route('session', '/index.php', shell),
  route('session', '/nav.php', navigation),
  route('session', '/datalogstatus.php', dataLogStatus),
  route('sessionless', '/remote/json.php', remoteJson),
  route('sessionless', '/remote/index.php', remoteSoap),
  modulePage('dashboard/dashboard.php', dashboard),
  modulePage('tools/user_settings.php', userSettings),
  modulePage('mailuser/index.php', mailOverview),
  modulePage('mailuser/mail_user_password_edit.php', mailPassword),
  modulePage('admin/users_list.php', usersList),
  modulePage('admin/users_edit.php', usersEdit),
  modulePage('add-on/index.php', plainPage('add-on/index.php')),
  ...plainPages.map((path) => modulePage(path, plainPage(path))),
];

/** The file that answers a normalised path; a folder's is its `index.php`. */
export function routeOf(path: string): Route | undefined {
  const file = path.endsWith('/') ? `${path}index.php` : path;
  return routes.find((known) => known.path === file);
}
