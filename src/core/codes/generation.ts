import { randomBytes } from 'node:crypto';

/** A new generation: 128 random bits in base64url, 22 characters. */
export function newGeneration(): string {
  return randomBytes(16).toString('base64url');
}
