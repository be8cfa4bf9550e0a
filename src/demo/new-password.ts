import { type Fields, field } from './forms.js';
import { LONGEST_PASSWORD } from './passwords.js';

export const SHORTEST_PASSWORD = 8;

export type NewPasswordRefusal =
  | 'refusal.passwords-differ'
  | 'refusal.password-short'
  | 'refusal.password-long';

/** A new password typed twice: neither when both are empty, else a text or a refusal. */
export function newPassword(fields: Fields): {
  readonly password?: string;
  readonly refused?: NewPasswordRefusal;
} {
  const password = field(fields, 'password');
  if (password !== field(fields, 'repeat')) return { refused: 'refusal.passwords-differ' };
  if (password === '') return {};
  if (password.length < SHORTEST_PASSWORD) return { refused: 'refusal.password-short' };
  if (password.length > LONGEST_PASSWORD) return { refused: 'refusal.password-long' };
  return { password };
}
