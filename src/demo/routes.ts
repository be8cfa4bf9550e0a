import type { Context, Middleware } from 'koa';
import Router from 'koa-router';
import { formBody } from './forms.js';
import { showHome } from './pages/home.js';
import { logIn, logOut, showLogin } from './pages/login.js';
import { loginAs, returnFromLoginAs } from './pages/login-as.js';
import { showOverview } from './pages/overview.js';
import { saveSettings, showSettings } from './pages/settings.js';
import { listUsers, saveUser, showUser } from './pages/users.js';
import type { Panel } from './panel.js';
import { PanelError } from './panel-error.js';

type Page = (panel: Panel, ctx: Context) => Promise<void>;

const GET: Readonly<Record<string, Page>> = {
  '/': showHome,
  '/login': showLogin,
  '/tools/user_settings': showSettings,
  '/mailuser/overview': showOverview,
  '/mailuser/password': showSettings,
  '/admin/users': listUsers,
  '/admin/users/:id': showUser,
};

const POST: Readonly<Record<string, Page>> = {
  '/login': logIn,
  '/logout': logOut,
  '/login_as/return': returnFromLoginAs,
  '/login_as/:id': loginAs,
  '/tools/user_settings': saveSettings,
  '/mailuser/password': saveSettings,
  '/admin/users/:id': saveUser,
};

/** All pages of the panel. */
export function routes(panel: Panel): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  for (const [path, page] of Object.entries(GET)) router.get(path, (ctx) => page(panel, ctx));
  for (const [path, page] of Object.entries(POST)) router.post(path, formBody, (ctx) => page(panel, ctx));
  const middleware = router.routes();
  return (ctx) =>
    middleware(ctx as never, () => {
      throw new PanelError(router.stack.some(({ path }) => path === ctx.path) ? 405 : 404);
    });
}
