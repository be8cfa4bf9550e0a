import { randomBytes } from 'node:crypto';
import { isPassword } from './passwords.js';
import { Throttle } from './throttle.js';
import type { Visit } from './visit.js';

/** The arguments of a call by name. */
export type Call = Readonly<Record<string, unknown>>;

/** A refusal, told to the caller by JSON or SOAP; only SOAP has its code. */
export class RemoteFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Method = (visit: Visit, call: Call) => Promise<unknown>;

/** The functions of the remote API, in the order of their arguments over SOAP. */
export const remoteMethods: Readonly<Record<string, { readonly names: readonly string[]; run: Method }>> = {
  login: { names: ['username', 'password', 'client_login'], run: login },
  logout: { names: ['session_id'], run: logout },
  client_login_get: { names: ['session_id', 'username', 'password', 'remote_ip'], run: clientLoginGet },
  client_get: { names: ['session_id', 'client_id'], run: clientGet },
};

const wrong = 'The login failed. Username or password wrong.';

async function login(visit: Visit, call: Call): Promise<string> {
  const { database, request, settings } = visit;
  if (settings.maintenance)
    throw new RemoteFault('maintenance_mode', 'This panel is currently under maintenance.');
  const name = textOf(call.username);
  const password = textOf(call.password);
  if (name === '') throw new RemoteFault('login_username_empty', 'The login username is empty.');
  if (password === '') throw new RemoteFault('login_password_empty', 'The login password is empty.');
  const throttle = new Throttle(database, request.address);
  if (await throttle.blocksApi())
    throw new RemoteFault('login_failure_limit', 'The login failure limit has been reached.');
  const isClient = isTrue(call.client_login);
  const found = isClient ? await client(visit, name) : await remoteUser(visit, name);
  if (!found || !(await isPassword(password, found.stored))) {
    // Of its own users' wrong passwords the panel takes no note here.
    if (!isClient || !found) await throttle.fail(5);
    throw new RemoteFault(isClient ? 'client_login_failed' : 'login_failed', wrong);
  }
  if (found.refusal) throw new RemoteFault('client_login_failed', found.refusal);
  const token = `t${randomBytes(20).toString('hex')}`;
  const until = Math.floor(Date.now() / 1000) + 1_800;
  const row = [token, found.id, isClient ? 1 : 0, request.address, until];
  await database.query('INSERT INTO remote_session VALUES (?, ?, ?, ?, ?)', row);
  await throttle.forget();
  return token;
}

async function remoteUser({ database, request }: Visit, name: string) {
  const row = await database.first('SELECT * FROM remote_user WHERE remote_username = ?', [name]);
  if (!row) return undefined;
  const isLocal = ['127.0.0.1', '::1'].includes(request.address);
  const ips = String(row.remote_ips ?? '')
    .split(',')
    .filter(Boolean);
  // Neither is asked of a caller on the panel's own machine.
  const allowed = row.remote_access === 'y' && (ips.length === 0 || ips.includes(request.address));
  const refusal = isLocal || allowed ? undefined : `The login is not allowed from ${request.address}`;
  return { id: Number(row.remote_userid), stored: String(row.remote_password), refusal };
}

/** Nothing but names of users of the panel. */
async function client({ database }: Visit, name: string) {
  const user = await database.first('SELECT * FROM sys_user WHERE username = ?', [name]);
  if (!user) return undefined;
  const row = await database.first('SELECT can_use_api FROM client WHERE client_id = ?', [user.client_id]);
  const mayNot = row?.can_use_api === 'y' ? undefined : 'The login failed. Client may not use api.';
  const refusal = String(user.active) === '1' ? mayNot : 'The login failed. User is blocked.';
  return { id: Number(user.userid), stored: String(user.passwort), refusal };
}

async function logout({ database }: Visit, call: Call): Promise<boolean> {
  if (textOf(call.session_id) === '') throw new RemoteFault('session_id_empty', 'The SessionID is empty.');
  await database.query('DELETE FROM remote_session WHERE remote_session = ?', [textOf(call.session_id)]);
  return true;
}

/** Whether a client's password is right, asked by a third party. */
async function clientLoginGet(visit: Visit, call: Call): Promise<unknown> {
  const { database } = visit;
  await requireSession(visit, call);
  const [name, password] = [textOf(call.username), textOf(call.password)];
  if (!/^[\w.\-_@]{1,128}$/.test(name))
    throw new RemoteFault('user_regex_error', 'Username contains invalid characters.');
  if (!/^.{1,64}$/.test(password))
    throw new RemoteFault('password_length_error', 'Invalid password length or no password provided.');
  const isByEmail = name.includes('@');
  const row = isByEmail
    ? await database.first('SELECT *, password AS stored FROM client WHERE email = ?', [name])
    : await database.first('SELECT *, passwort AS stored FROM sys_user WHERE username = ?', [name]);
  if (row && (await isPassword(password, String(row.stored))))
    return { username: row.username, type: isByEmail ? 'user' : row.typ, client_id: row.client_id };
  if (isByEmail) return null;
  throw new RemoteFault('login_failed', 'Login failed.');
}

async function clientGet(visit: Visit, call: Call): Promise<unknown> {
  await requireSession(visit, call);
  const sql = 'SELECT client_id, username, contact_name FROM client WHERE client_id = ?';
  return (await visit.database.first(sql, [textOf(call.client_id)])) ?? false;
}

/** Half an hour, and bound to the caller's address. */
async function requireSession({ database, request }: Visit, call: Call): Promise<void> {
  const id = call.session_id;
  if (typeof id !== 'string' || id === '')
    throw new RemoteFault('session_id_empty', 'The SessionID is empty.');
  const row = await database.first(
    'SELECT remote_ip AS ip FROM remote_session WHERE remote_session = ? AND tstamp >= UNIX_TIMESTAMP()',
    [id],
  );
  if (!row) throw new RemoteFault('session_does_not_exist', 'The Session is expired or does not exist.');
  if (row.ip !== request.address) throw new RemoteFault('session_ip_mismatch', 'Session IP mismatch.');
}

/** PHP's text of a value. */
function textOf(value: unknown): string {
  if (value === true) return '1';
  return value === undefined || value === null || value === false ? '' : String(value);
}

/** PHP's `== true`. */
function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== '0' && Boolean(value);
}
