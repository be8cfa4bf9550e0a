import { addressBucket } from './address.js';
import { PageError } from './page-error.js';
import type { Services } from './services.js';

/** Failed codes of one client; right ones are taken back. The account's own counter is the one that protects it. */
const PER_ADDRESS = { limit: 120, windowSeconds: 60 } as const;

/** Counts a code from this address in advance; throws 429 when there were too many failures. */
export async function loginLimit(services: Services, address: string): Promise<void> {
  const spend = await services.limiter.spend(bucket(address), PER_ADDRESS);
  if (!spend.allowed) throw new PageError(429, 'error.too-many-requests');
}

export async function loginRefund(services: Services, address: string): Promise<void> {
  await services.limiter.refund(bucket(address));
}

function bucket(address: string): string {
  return `login/address/${addressBucket(address)}`;
}
