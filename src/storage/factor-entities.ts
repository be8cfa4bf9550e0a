import type { Realm } from '../core/account/account.js';
import type { FactorRow } from './entities/factor-row.js';
import { MailUserSecret } from './entities/mail-user-secret.js';
import { UserSecret } from './entities/user-secret.js';

/** The table of each realm. */
export const ENTITY: Record<Realm, new () => FactorRow> = { user: UserSecret, mailuser: MailUserSecret };
