/*
 * The smallest Koa panel that mounts panel-2fa: one account, one page, sessions in memory.
 *
 *     npm run build && node examples/koa-panel.mjs 8090 /tmp/example
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import { createSession } from 'koa-session';
import { createTwoFactor, koaSessionHost, rememberAddress } from 'panel-2fa';

const [port = '8090', data = 'data/example'] = process.argv.slice(2);
const publicUrl = `http://127.0.0.1:${port}`;
const alice = { realm: 'user', id: '1', name: 'alice', role: 'client' };
const passwordOf = { alice: 'alice-demo' };

// 1. Sessions live on the server: a session that lives in a cookie only cannot be ended, and is refused.
const sessions = new Map();
const store = {
  get: async (id) => sessions.get(id),
  set: async (id, session) => void sessions.set(id, session),
  destroy: async (id) => void sessions.delete(id),
};

// 2. The host tells the plugin about this panel.
const host = koaSessionHost({
  store,
  who: async (ctx) => ctx.session.name && { start: ctx.session.start, account: alice, actor: alice },
  verifyPassword: async (account, password) => passwordOf[account.name] === password,
  accounts: {
    find: async ({ realm, id }) => (realm === alice.realm && id === alice.id ? alice : undefined),
    search: async () => ({ accounts: [alice], total: 1 }),
    mayManage: async () => false,
  },
  paths: {
    login: '/login',
    logout: '/logout',
    home: '/',
    public: [],
    static: [],
    settings: () => undefined,
  },
});

mkdirSync(data, { recursive: true });
const twoFactor = await createTwoFactor({
  host,
  publicUrl,
  database: `sqlite:${data}/panel-2fa.sqlite`,
  keyFile: `${data}/key`,
  issuer: 'Example panel',
});

const app = new Koa();
const genid = () => randomBytes(24).toString('base64url');
// 3. Before anything waits, or a connection that closes meanwhile leaves no address for the log.
app.use(rememberAddress);
app.use(createSession({ key: 'example', store, genid, sameSite: 'lax', signed: false }, app));
// 4. The gate stands behind the sessions and before every page.
app.use(twoFactor.middleware);
app.use(bodyParser({ enableTypes: ['form'] }));
app.use(async (ctx) => {
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /login':
      ctx.body =
        '<!doctype html><title>Login</title><form method="post"><label>Username <input name="username"></label> <label>Password <input name="password" type="password"></label> <button>Login</button></form>';
      return;
    case 'POST /login': {
      const { username, password } = ctx.request.body;
      if (!Object.hasOwn(passwordOf, username) || passwordOf[username] !== password)
        return ctx.redirect('/login');
      ctx.session = { name: username, start: Date.now() };
      await ctx.session.regenerate();
      return ctx.redirect('/');
    }
    case 'POST /logout':
      ctx.session = null;
      return ctx.redirect('/login');
    case 'GET /':
      // No slot is placed: the plugin's own page carries the settings.
      ctx.body = `<!doctype html><title>Panel</title><p>Hello ${ctx.session.name}</p><a href="/2fa/settings">Two-factor authentication</a><form method="post" action="/logout"><button>Logout</button></form>`;
      return;
  }
});

const server = app.listen(Number(port), '127.0.0.1', () =>
  console.log(`The example panel is at ${publicUrl}`),
);
process.once('SIGTERM', () => {
  server.close(() => void twoFactor.close().then(() => process.exit(0)));
  server.closeAllConnections();
});
