import assert from 'node:assert/strict';
import type { Person } from '../gateway/ispconfig/person.js';
import { accounts } from '../support/ispconfig/accounts.js';
import type { Reply } from '../support/panel-client.js';
import type { Name } from './site.js';

/** The token of the first form of ours on a page that was answered. */
export function tokenIn({ body, path }: Reply): string {
  return /name="twofa_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail(`no token on ${path}`);
}

/** The same of a page that somebody asks for now. */
export async function tokenOn(somebody: Person, path: string): Promise<string> {
  return tokenIn(await somebody.get(path));
}

/** Our page of an account, for admins. */
export function pageOf(name: Name): string {
  return `/2fa/accounts/user/${accounts[name].id}`;
}

/** As an admin's page of the account sends it when its switch is off. */
export async function switchOff(admin: Person, name: Name, fields: Record<string, string>): Promise<Reply> {
  const twofa_csrf = await tokenOn(admin, pageOf(name));
  return admin.post(pageOf(name), { twofa_csrf, twofa_shown: 'active', ...fields });
}

/** Is the session over: does the answer lead to the panel's login page? */
export const isOver = ({ status, location }: Reply) =>
  status >= 300 && status < 400 && /^\/login/.test(location ?? '');
