import type { AccountKey } from '../../../core/account/account.js';
import type { PanelDatabase } from '../people/panel-database.js';

/**
 * What becomes of the panel's machine API, which asks for passwords only: all passes, nothing passes, or nobody
 * passes with the password of an account that has a factor.
 */
export type RemotePolicy = 'allow' | 'refuse' | 'refuse-2fa-clients';

/** A call of the API that takes the password of a user of the panel. */
export interface ClientLogin {
  readonly username: string;
  readonly byEmail: boolean;
}

const BY_NAME = 'SELECT userid AS id FROM sys_user WHERE username = ?';
const BY_EMAIL = `SELECT u.userid AS id FROM sys_user u JOIN client c ON c.client_id = u.client_id
  WHERE c.email = ? AND u.client_id > 0`;

/** Must any account that the panel may take this login for not get in with its password alone? By the panel's own comparison of names. */
export async function loginNeedsCode(
  database: PanelDatabase,
  needsCode: (key: AccountKey) => Promise<boolean>,
  login: ClientLogin,
): Promise<boolean> {
  const rows = await database.rows<{ id: number }>(login.byEmail ? BY_EMAIL : BY_NAME, [login.username]);
  const answers = await Promise.all(rows.map(({ id }) => needsCode({ realm: 'user', id: String(id) })));
  return answers.includes(true);
}

/**
 * The login in a call, undefined when it is none; false when its parts are not what they should be. `values` are the
 * arguments in the order of the method.
 */
export function clientLoginOf(method: string, values: readonly unknown[]): ClientLogin | undefined | false {
  switch (method.toLowerCase()) {
    case 'login': {
      if (!isTruthy(values[2])) return undefined;
      return typeof values[0] === 'string' && { username: values[0], byEmail: false };
    }
    case 'client_login_get': {
      const username = values[1];
      return typeof username === 'string' && { username, byEmail: username.includes('@') };
    }
    default:
      return undefined;
  }
}

/** PHP's `== true`. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return !(
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    value === '0'
  );
}
