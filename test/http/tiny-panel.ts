import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Koa, { type Context } from 'koa';
import type { Account, PanelSession } from '../../src/core/account/account.js';
import { createTwoFactor, type PanelHost, type TwoFactorOptions } from '../../src/index.js';

export interface TinyPanel {
  readonly url: string;
  /** Logs somebody in with the right password; the Cookie header of the new session. */
  login(account: Account): string;
  hasSession(cookie: string): boolean;
  /** While it is set, ending a session fails. */
  keepsSessions: boolean;
  /** While it is set, to tell whose session it is takes that long. */
  pause: Promise<void> | undefined;
  close(): Promise<void>;
}

export const PASSWORD = 'right-password';

/** The least panel that can be protected: sessions in a map, one page, every password the same. `settingsOf` is told its address. */
export async function startTinyPanel(
  folder: string,
  accounts: readonly Account[],
  settingsOf: (url: string) => Partial<TwoFactorOptions> = () => ({}),
): Promise<TinyPanel> {
  const sessions = new Map<string, PanelSession>();
  const sessionOf = (ctx: Context) => sessions.get(ctx.cookies.get('tiny') ?? '');
  const host: PanelHost = {
    accounts: {
      find: async (key) => accounts.find(({ realm, id }) => realm === key.realm && id === key.id),
      search: async (query) => {
        const found = accounts.filter(({ name }) => name.includes(query));
        return { accounts: found, total: found.length };
      },
      mayManage: async (actor) => actor.role === 'admin',
    },
    identify: async (ctx) => {
      await panel.pause;
      const session = sessionOf(ctx);
      return session ? { kind: 'session', session } : { kind: 'anonymous' };
    },
    admits: (ctx) => (ctx.path === '/login' ? 'public' : 'protected'),
    verifyPassword: async (_account, password) => password === PASSWORD,
    endSession: async (_ctx, session) => {
      if (panel.keepsSessions) throw new Error('The session cannot be ended');
      sessions.delete(session.id);
    },
    sendTo: (ctx, path) => {
      ctx.status = 303;
      ctx.redirect(path);
    },
    loginPath: (notice) => (notice ? `/login?notice=${notice}` : '/login'),
    homePath: () => '/',
    settingsPath: () => undefined,
    now: async () => Date.now(),
  };
  const app = new Koa();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = `sqlite:${join(folder, 'factors.sqlite')}`;
  const twoFactor = await createTwoFactor({
    host,
    publicUrl: url,
    database,
    keyFile: join(folder, 'key'),
    ...settingsOf(url),
  });
  app.use(twoFactor.middleware);
  app.use((ctx) => {
    ctx.body = ctx.path === '/login' ? 'the login page' : 'inside the panel';
  });
  server.on('request', app.callback());
  const panel: TinyPanel = {
    url,
    keepsSessions: false,
    pause: undefined,
    login: (account) => {
      const id = randomUUID();
      sessions.set(id, { id, start: Date.now(), account, actor: account });
      return `tiny=${id}`;
    },
    hasSession: (cookie) => sessions.has(cookie.replace('tiny=', '')),
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await twoFactor.close();
    },
  };
  return panel;
}
