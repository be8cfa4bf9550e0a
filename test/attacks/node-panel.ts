import { randomUUID } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import { Redis } from 'ioredis';
import Koa, { type Context } from 'koa';
import { createSession } from 'koa-session';
import type { Account } from '../../src/core/account/account.js';
import { createTwoFactor, koaSessionHost } from '../../src/index.js';

/** One of several nodes of a small panel, with sessions in a Redis that they share; the password of all is `right`. */
const [port = '', publicUrl = '', database = '', redisUrl = '', keyFile = ''] = process.argv.slice(2);
// Not the Redis of the plugin: it may be away while the panel's sessions are not.
const redis = new Redis(process.env.SESSIONS ?? redisUrl);
const store = {
  get: async (id: string) => JSON.parse((await redis.get(`session:${id}`)) ?? 'null') ?? undefined,
  set: async (id: string, session: object) =>
    void (await redis.set(`session:${id}`, JSON.stringify(session))),
  destroy: async (id: string) => void (await redis.del(`session:${id}`)),
};
const accountOf = (id: string): Account => ({ realm: 'user', id, name: `user${id}`, role: 'client' });
const host = koaSessionHost({
  store,
  who: async (ctx) => {
    const { id, start } = (ctx.session ?? {}) as { id?: string; start?: number };
    return id && start ? { start, account: accountOf(id), actor: accountOf(id) } : undefined;
  },
  accounts: {
    find: async ({ id }) => accountOf(id),
    search: async () => ({ accounts: [], total: 0 }),
    mayManage: async () => false,
  },
  verifyPassword: async (_account, password) => password === 'right',
  paths: { login: '/login', logout: '/logout', home: '/', public: [], static: [], settings: () => undefined },
});
const twoFactor = await createTwoFactor({ host, publicUrl, database, redis: redisUrl, keyFile });
const app = new Koa();
app.silent = true;
app.use(createSession({ store, key: 'node', signed: false, genid: () => randomUUID() }, app));
app.use(twoFactor.errorPages);
app.use(twoFactor.middleware);
app.use(bodyParser({ enableTypes: ['form'] }));
app.use((ctx: Context) => {
  if (ctx.path !== '/login') ctx.body = `inside of ${ctx.session?.id}`;
  else if (ctx.method === 'GET') ctx.body = 'the login page';
  else {
    const { id, password } = ctx.request.body as { id?: string; password?: string };
    if (password !== 'right') ctx.throw(403);
    ctx.session = { id, start: Date.now() };
    ctx.redirect('/');
  }
});
app.listen(Number(port), '127.0.0.1', () => console.log(`node listens on ${port}`));
