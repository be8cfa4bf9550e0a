import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'koa';
import { z } from 'zod';
import { type GatewaySide, type Panels, panelKind } from '../../src/gateway/panel-kind.js';
import { endToEnd } from '../../src/hosts/end-to-end.js';
import type { GatewayHost, UpstreamRefusal, UpstreamRequest } from '../../src/hosts/gateway-host.js';
import type { PanelSigns } from '../../src/hosts/panel-signs.js';
import type { Account } from '../../src/index.js';

export const PASSWORD = 'right-password';

/** A panel whose session cookie is the id of the account, and whose pages all say who may see them by their path. */
export function plainHost(gateway: GatewaySide): GatewayHost {
  const ended = new Set<string>();
  const account = (id: string): Account => ({ realm: 'user', id, name: `user${id}`, role: 'client' });
  const idOf = (ctx: Context) => /(?:^|; )plain=(\d+)(?:;|$)/.exec(ctx.get('cookie'))?.[1];
  const isPage = (ctx: Context) => /page$/.test(ctx.path);
  return {
    accounts: {
      find: async ({ id }) => account(id),
      search: async () => ({ accounts: [], total: 0 }),
      mayManage: async () => false,
      named: async () => [],
      walk: async () => [],
    },
    identify: async (ctx) => {
      const id = idOf(ctx);
      if (id === undefined || ended.has(id)) return { kind: 'anonymous' };
      return { kind: 'session', session: { id, start: 1, account: account(id), actor: account(id) } };
    },
    admits: (ctx) => {
      if (ctx.path === '/login') return 'public';
      if (ctx.path === '/logout') return 'logout';
      return ctx.path.startsWith('/static/') ? 'static' : 'protected';
    },
    verifyPassword: async (_account, password) => password === PASSWORD,
    endSession: async (_ctx, session) => {
      await gateway.callPanel({
        target: '/logout',
        headers: { cookie: `plain=${session.id}` },
      });
      ended.add(session.id);
    },
    sendTo: (ctx, path) => {
      ctx.status = 303;
      ctx.redirect(path);
    },
    loginPath: () => '/login',
    homePath: () => '/page',
    settingsPath: () => undefined,
    now: async () => Date.now(),
    prepare: async (ctx) => prepare(ctx),
    editOf: (ctx, { headers }, { mount }) => {
      if (!isPage(ctx) || !String(headers['content-type']).startsWith('text/html')) return undefined;
      return async (page) => {
        if (ctx.query.edit) await sleep(Number(ctx.query.edit));
        if (ctx.query.fail) throw new Error('the slot cannot be rendered');
        return page.replace('</body>', `<a href="${mount}/settings">2FA</a></body>`);
      };
    },
    answerHeaders: (_ctx, { headers }) => headers as Record<string, string | string[]>,
    isLogin: (ctx) => ctx.path === '/login' && ctx.method === 'POST',
    loginResult: (ctx, { status }) => {
      if (ctx.path !== '/login' || ctx.method !== 'POST') return undefined;
      return status === 303 ? 'right' : 'wrong';
    },
    answerLogin: async () => undefined,
    takesBodyInGet: () => false,
    errorFor: () => undefined,
    close: async () => undefined,
  };
}

export const plainSigns: PanelSigns<unknown> = {
  page: '/login',
  isPanel: () => false,
  owns: (path) => /^\/(?:page|login)\b/.test(path),
  excessRights: async () => [],
  version: async () => undefined,
  mayReadTotp: async () => false,
  unknownSteps: async () => [],
};

export const plainPanels: Panels = {
  plain: panelKind(
    z.strictObject({ database: z.string().optional(), remoteApi: z.enum(['allow', 'refuse']).optional() }),
    async (_settings, gateway) => plainHost(gateway),
    plainSigns,
  ),
};

function prepare(ctx: Context): UpstreamRequest | UpstreamRefusal {
  if (ctx.path === '/unreadable') throw new Error('the sessions cannot be read');
  if (ctx.path.startsWith('/remote')) {
    const answer = { type: 'application/json', body: '{"code":"refused"}' };
    return { kind: 'refused', status: 403, reason: 'api', answer };
  }
  if (/[%;\\]|\/[/.]/.test(ctx.path)) return { kind: 'refused', status: 400, reason: 'path' };
  const { cookie: _cookie, ...headers } = endToEnd(ctx.req.headers);
  return {
    kind: 'forward',
    target: ctx.url,
    headers: { ...headers, 'x-forwarded-for': ctx.ip },
    cookie: async () => ctx.req.headers.cookie,
  };
}
