import type { AccountState } from '../../core/admin/account-state.js';
import { printable } from '../../core/audit/audit-line.js';
import { minuteIn } from '../../core/base/zoned-time.js';
import { FAILURE_RULE } from '../../core/codes/failure-rule.js';
import { bothNames } from '../../input/mail-name.js';

const WIDTHS = [34, 10, 10, 6, 24, 24, 7];

/** Above the lines of {@link lineOf}. */
export const HEADING = cells('account', 'realm', 'role', '2FA', 'since', 'last used', 'codes', 'lock');

/** An account in one line for people; `now` in milliseconds since 1970. */
export function lineOf(
  { account, active, since, lastUsedAt, recoveryCodesLeft, ...rest }: AccountState,
  now: number,
) {
  const { realm, name, role } = account;
  const left = recoveryCodesLeft === undefined ? '-' : String(recoveryCodesLeft);
  const state = active ? 'on' : 'off';
  return cells(
    printable(bothNames(name)),
    realm,
    role,
    state,
    dayOf(since),
    dayOf(lastUsedAt),
    left,
    lockText(rest, now),
  );
}

/** An account in several lines for people. */
export function details(state: AccountState, now: number): string {
  const { account, active, since, lastUsedAt, recoveryCodesLeft, period, failures } = state;
  const lines: [string, string][] = [
    ['account', `${printable(bothNames(account.name))} (${account.realm}:${account.id}, ${account.role})`],
    ['2FA', active ? `on since ${dayOf(since)}` : 'off'],
  ];
  if (active) {
    lines.push(
      ['last used', dayOf(lastUsedAt)],
      ['codes', `of ${period} seconds`],
      ['recovery codes', `${recoveryCodesLeft} left`],
      ['wrong codes', `${failures} in a row${lockText(state, now) && `; ${lockText(state, now)}`}`],
    );
  }
  return lines.map(([what, text]) => `${what.padEnd(16)}${text}`).join('\n');
}

/** An account for programs; times as ISO 8601. */
export function jsonOf({ account, ...state }: AccountState): object {
  const { realm, id, name, role } = account;
  const { active, since, lastUsedAt, recoveryCodesLeft, period, failures, lockedUntil } = state;
  return {
    ...{ realm, id, name, role, active },
    ...(active && {
      since: isoOf(since),
      lastUsedAt: isoOf(lastUsedAt),
      recoveryCodesLeft,
      period,
      failures,
      lockedUntil: isoOf(lockedUntil),
    }),
  };
}

function lockText(
  { failures = 0, lockedUntil }: Pick<AccountState, 'failures' | 'lockedUntil'>,
  now: number,
): string {
  if (failures >= FAILURE_RULE.codeLimit) return 'closed for codes of the app';
  return lockedUntil !== undefined && lockedUntil > now ? `until ${dayOf(lockedUntil)}` : '';
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

function dayOf(time: number | undefined): string {
  return time === undefined ? '-' : minuteIn(time);
}

function cells(...texts: string[]): string {
  return texts
    .map((text, index) => text.padEnd(WIDTHS[index] ?? 0))
    .join(' ')
    .trimEnd();
}
