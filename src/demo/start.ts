import { createServer } from 'node:http';
import { join } from 'node:path';
import Koa, { type Context } from 'koa';
import { createSession } from 'koa-session';
import { koaSessionHost } from '../hosts/koa-session.js';
import { clientIsGone, rememberAddress, securityHeaders, type TwoFactorOptions } from '../index.js';
import { packageRoot } from '../plugin/manifest.js';
import { opening } from '../plugin/opening.js';
import { lockFolder } from '../storage/data-folder.js';
import { ASSETS, assets } from './assets.js';
import { canonicalHost } from './canonical-host.js';
import { openPanelDatabase } from './database/open.js';
import { Directory } from './directory.js';
import { errorPages } from './error-pages.js';
import { type LoadedPlugin, loadPlugin, placed, type Step } from './load-plugin.js';
import { LoginLimit } from './login-limit.js';
import type { Panel } from './panel.js';
import { homeOf, People } from './people.js';
import { routes } from './routes.js';
import { SessionStore } from './session-store.js';
import { Shell } from './shell.js';
import { Views } from './views.js';
import { Visitors } from './visitors.js';

const SESSION_MILLISECONDS = 12 * 3_600_000;

export interface DemoOptions {
  readonly port: number;
  /** The folder of all data. */
  readonly data: string;
  /** What the operator set of the plugin; false starts the panel without it, to compare the two. */
  readonly plugin: Pick<TwoFactorOptions, 'redis' | 'period' | 'issuer' | 'requiredFor' | 'log'> | false;
}

export interface RunningDemo {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the bundled panel on 127.0.0.1; rejects with one clear message and nothing left open. */
export function startDemo({ port, data, plugin: settings }: DemoOptions): Promise<RunningDemo> {
  return opening(async (opened, close) => {
    const lock = await lockFolder(data);
    opened(() => lock.release());
    const database = await openPanelDatabase(join(data, 'panel.sqlite'));
    opened(() => database.destroy());
    const sessions = new SessionStore(database);
    opened(() => sessions.close());
    const root = packageRoot();
    const publicOrigin = `http://127.0.0.1:${port}`;
    let loaded: LoadedPlugin | undefined;
    const plugin = () => loaded?.twoFactor;
    const people = new People(database);
    const visitors = new Visitors(people);
    const views = new Views(join(root, 'demo/views'));
    const shell = new Shell(views, plugin);
    const logins = new LoginLimit();
    const panel: Panel = { people, sessions, logins, visitors, views, shell, publicOrigin, plugin };
    if (settings) {
      loaded = await loadPlugin(root, {
        ...settings,
        host: hostOf(panel, new Directory(database, people)),
        publicUrl: publicOrigin,
        database: `sqlite:${join(data, 'panel-2fa.sqlite')}`,
        keyFile: join(data, 'key'),
      });
      const { twoFactor } = loaded;
      opened(() => twoFactor.close());
    }
    const app = new Koa();
    app.on('error', (error, ctx) => {
      if (!ctx || !clientIsGone(ctx, error)) app.onerror(error);
    });
    const ours: Step[] = [
      { name: 'address', middleware: rememberAddress },
      { name: 'headers', middleware: securityHeaders },
      { name: 'errors', middleware: errorPages(views, publicOrigin) },
      { name: 'host', middleware: canonicalHost(publicOrigin, port) },
      { name: 'assets', middleware: assets(join(root, 'demo/assets')) },
      { name: 'session', middleware: sessionsOf(app, sessions) },
      { name: 'routes', middleware: routes(panel) },
    ];
    for (const { middleware } of loaded ? placed(ours, loaded) : ours) app.use(middleware);
    opened(await listen(app, port));
    return { url: publicOrigin, close };
  });
}

function hostOf(panel: Panel, accounts: Directory) {
  return koaSessionHost({
    store: panel.sessions,
    who: (ctx) => panel.visitors.of(ctx),
    accounts,
    verifyPassword: (account, password) => panel.people.verifyPassword(account, password),
    paths: {
      login: '/login',
      logout: '/logout',
      home: homeOf,
      public: [],
      static: [ASSETS],
      settings: ({ realm }) => (realm === 'user' ? '/tools/user_settings' : '/mailuser/password'),
    },
    frame: async (ctx, page) => {
      const visitor = await panel.visitors.of(ctx);
      if (!visitor) throw new Error('A page for nobody');
      return panel.shell.page(ctx, visitor, page);
    },
  });
}

function sessionsOf(app: Koa, store: SessionStore) {
  return createSession(
    {
      key: 'demo-panel',
      store: {
        get: (id: string) => store.get(id),
        set: (id: string, session: Record<string, unknown>, maxAge: number, options: { ctx?: Context }) =>
          store.set(id, session, maxAge, options as { ctx: Context }),
        destroy: (id: string) => store.destroy(id),
      },
      genid: (ctx: Context) => store.newId(ctx),
      maxAge: SESSION_MILLISECONDS,
      sameSite: 'lax',
      httpOnly: true,
      overwrite: true,
      signed: false,
    },
    app,
  );
}

/** Resolves with the way to stop when the port is taken. */
function listen(app: Koa, port: number): Promise<() => Promise<void>> {
  const server = createServer(app.callback());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        new Error(inUse ? `Port ${port} of 127.0.0.1 is in use; choose another with --port` : error.message),
      );
    });
    server.listen(port, '127.0.0.1', () =>
      resolve(
        () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      ),
    );
  });
}
