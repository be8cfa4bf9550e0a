import { randomBytes } from 'node:crypto';
import { findByName } from './login-names.js';
import { isPassword } from './passwords.js';
import { Throttle } from './throttle.js';
import type { Visit } from './visit.js';

/** The arguments of a call by name. */
export type Call = Readonly<Record<string, unknown>>;

/** A refusal, told to the caller by JSON or SOAP. */
export class RemoteFault extends Error {}

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
  if (settings.maintenance) throw new RemoteFault('This panel is under maintenance.');
  const throttle = new Throttle(database, request.address);
  if (await throttle.blocksApi()) throw new RemoteFault('The login failure limit is reached.');
  const name = String(call.username ?? '');
  const password = String(call.password ?? '');
  const isClient = call.client_login === true || ['1', 'true'].includes(String(call.client_login ?? ''));
  const found = isClient ? await client(visit, name) : await remoteUser(visit, name);
  if (!found || !(await isPassword(password, found.stored))) {
    await throttle.fail(5);
    throw new RemoteFault(wrong);
  }
  if (!found.mayUse) throw new RemoteFault('The login failed. Client may not use api.');
  const token = randomBytes(16).toString('hex');
  await database.query('INSERT INTO remote_session VALUES (?, ?, ?, ?, ?)', [
    token,
    found.id,
    isClient ? 1 : 0,
    request.address,
    Math.floor(Date.now() / 1000),
  ]);
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
  if (!isLocal && !allowed) return undefined;
  return { id: Number(row.remote_userid), stored: String(row.remote_password), mayUse: true };
}

async function client({ database }: Visit, name: string) {
  const found = name.includes('@') ? undefined : await findByName(database, name);
  if (!found) return undefined;
  const row = await database.first('SELECT can_use_api FROM client WHERE client_id = ?', [
    found.user.client_id,
  ]);
  return { id: Number(found.user.userid), stored: found.stored, mayUse: row?.can_use_api === 'y' };
}

async function logout(visit: Visit, call: Call): Promise<boolean> {
  await requireSession(visit, call);
  await visit.database.query('DELETE FROM remote_session WHERE remote_session = ?', [call.session_id]);
  return true;
}

/** Whether a client's password is right, asked by a third party. */
async function clientLoginGet(visit: Visit, call: Call): Promise<unknown> {
  await requireSession(visit, call);
  const found = await findByName(visit.database, String(call.username ?? ''));
  if (!found || !(await isPassword(String(call.password ?? ''), found.stored))) throw new RemoteFault(wrong);
  return { username: found.user.username, type: found.user.typ, client_id: found.user.client_id };
}

async function clientGet(visit: Visit, call: Call): Promise<unknown> {
  await requireSession(visit, call);
  const sql = 'SELECT client_id, username, contact_name FROM client WHERE client_id = ?';
  return (await visit.database.first(sql, [String(call.client_id ?? '')])) ?? false;
}

/** Half an hour, and bound to the caller's address. */
async function requireSession({ database, request }: Visit, call: Call): Promise<void> {
  const row = await database.first(
    'SELECT 1 FROM remote_session WHERE remote_session = ? AND remote_ip = ? AND tstamp > UNIX_TIMESTAMP() - 1800',
    [String(call.session_id ?? ''), request.address],
  );
  if (!row) throw new RemoteFault('The session ID is empty or wrong.');
}
