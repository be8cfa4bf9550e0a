import { storeId } from '../core/account/store-id.js';
import { askerOf } from '../core/audit/visit.js';
import { spendEach } from '../core/base/limiter.js';
import { PageError } from './page-error.js';
import type { Services } from './services.js';
import type { KnownVisitor } from './visitor.js';

/**
 * Forms of ours per minute: four a second is more than hands can send, and an office has one address. Counted for the session
 * and not for its account, whose owner would be stopped by whoever knows the password.
 */
const PER_SESSION = { limit: 240, windowSeconds: 60 } as const;
const PER_CLIENT = { limit: 2_400, windowSeconds: 60 } as const;

/** Counts a form of ours, whatever it asks for; throws 429 when there were too many. */
export async function formLimit({ limiter }: Services, visitor: KnownVisitor): Promise<void> {
  const { session } = visitor;
  const { client } = askerOf(visitor);
  const spend = await spendEach(limiter, [
    { name: `form/session/${storeId(session, session.actor)}`, ...PER_SESSION },
    { name: `form/client/${client}`, ...PER_CLIENT },
  ]);
  if (spend.allowed) return;
  const { retryAfterSeconds } = spend;
  throw new PageError(429, 'error.too-many-forms', { retryAfterSeconds });
}
