/**
 * What the live tests are told by environment variables; `npm run test:live` sets the first four from its options.
 *
 * - `LIVE_URL`: where browsers reach the gateway
 * - `LIVE_UPSTREAM`, `LIVE_PANEL_DB`: the panel and its database, for a gateway of the tests' own; without the first the
 *   gateway at `LIVE_URL` is tested as it runs
 * - `LIVE_GATEWAY`: a file with settings that win over those of the tests' own gateway
 * - `LIVE_CLIENT`, `LIVE_MAIL_USER`, `LIVE_ADMIN`, `LIVE_RESELLER`, `LIVE_RESELLERS_CLIENT`, `LIVE_CLIENT_WITHOUT_TOOLS`:
 *   accounts as `name:password`
 * - `LIVE_API`: a user of the remote API as `name:password`
 * - `LIVE_MAIL_FOLDER`: where the panel's mails end up, one file each
 * - `LIVE_DUE`: a program that makes the password of the user it is given due, and without one ends that
 * - `SCREENSHOTS`: a folder for pictures of every step
 */
export interface LiveAccount {
  readonly name: string;
  readonly password: string;
  readonly isMailUser: boolean;
}

const VARIABLES = {
  client: 'LIVE_CLIENT',
  reseller: 'LIVE_RESELLER',
  admin: 'LIVE_ADMIN',
  'mail user': 'LIVE_MAIL_USER',
  "reseller's client": 'LIVE_RESELLERS_CLIENT',
  'client without Tools': 'LIVE_CLIENT_WITHOUT_TOOLS',
  'API user': 'LIVE_API',
} as const;

export type Role = keyof typeof VARIABLES;

export const settings = {
  url: process.env.LIVE_URL,
  upstream: process.env.LIVE_UPSTREAM,
  gateway: process.env.LIVE_GATEWAY,
  panelDatabase: process.env.LIVE_PANEL_DB,
  mailFolder: process.env.LIVE_MAIL_FOLDER,
  due: process.env.LIVE_DUE,
};

/** The account of this role; throws when there is none, which {@link missing} tells before. */
export function account(role: Role): LiveAccount {
  const [, name, password] = /^([^:]+):(.+)$/s.exec(process.env[VARIABLES[role]] ?? '') ?? [];
  if (!name || !password) throw new Error(`${VARIABLES[role]} must be name:password`);
  return { name, password, isMailUser: name.includes('@') };
}

/** Why a test that needs these roles cannot run; undefined when it can. */
export function missing(...roles: readonly Role[]): string | undefined {
  const names = roles.map((role) => VARIABLES[role]).filter((name) => !process.env[name]);
  return names.length > 0 ? `${names.join(' and ')} not given` : undefined;
}
