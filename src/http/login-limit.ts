import type { PendingVisitor } from './routes.js';
import type { Services } from './services.js';

/** Failed codes of one client; right ones are taken back. The account's own counter is the one that protects it. */
const PER_CLIENT = { limit: 120, windowSeconds: 60 } as const;

export interface TooManyFromAddress {
  readonly kind: 'too-many-from-address';
  readonly retryAfterSeconds: number;
}

/** Counts a code from this client in advance; undefined when it may be checked. */
export async function loginLimit(
  services: Services,
  visitor: PendingVisitor,
): Promise<TooManyFromAddress | undefined> {
  const spend = await services.limiter.spend(bucket(visitor), PER_CLIENT);
  return spend.allowed
    ? undefined
    : { kind: 'too-many-from-address', retryAfterSeconds: spend.retryAfterSeconds };
}

export async function loginRefund(services: Services, visitor: PendingVisitor): Promise<void> {
  await services.limiter.refund(bucket(visitor));
}

function bucket({ client }: PendingVisitor): string {
  return `login/address/${client}`;
}
