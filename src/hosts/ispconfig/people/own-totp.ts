import type { Account } from '../../../core/account/account.js';
import { rowsIfGranted } from './columns.js';
import type { PanelDatabase } from './panel-database.js';

interface Row {
  readonly kind: string;
  readonly data: string | null;
}

const READABLE = 'SELECT otp_type, otp_data FROM sys_user LIMIT 0';
const FIND = 'SELECT otp_type AS kind, otp_data AS data FROM sys_user WHERE userid = ?';

/** May the gateway's user read the keys of the panel's own TOTP, which stand in clear there? False for a panel without. */
export async function mayReadTotp(database: PanelDatabase): Promise<boolean> {
  return (await rowsIfGranted(database, READABLE)) !== undefined;
}

/** The key of the panel's own TOTP, as the panel has it, that is on for this account; undefined for none, and without the grant. */
export async function totpSecretOf(
  database: PanelDatabase,
  { realm, id }: Account,
): Promise<string | undefined> {
  if (realm !== 'user') return undefined;
  const [row] = (await rowsIfGranted<Row>(database, FIND, [id])) ?? [];
  return row?.kind.split(',').includes('totp') ? secretIn(row.data) : undefined;
}

function secretIn(data: string | null): string | undefined {
  try {
    const { totp_secret: secret } = JSON.parse(data ?? '') as { totp_secret?: unknown };
    return typeof secret === 'string' ? secret : undefined;
  } catch {
    return undefined;
  }
}
