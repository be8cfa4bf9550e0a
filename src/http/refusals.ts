import type { Context } from 'koa';
import type { AdminRefusal } from '../core/admin/administration.js';
import type { LoginRefusal } from '../core/login/login.js';
import type { SelfRefusal } from '../core/own/self-refusal.js';
import { durationText } from './duration.js';
import type { TooManyFromAddress } from './login-limit.js';
import type { Translate } from './messages.js';

export type Refusal =
  | Exclude<LoginRefusal, { kind: 'over' }>
  | SelfRefusal
  | AdminRefusal
  | TooManyFromAddress;

/** A queue of a second or two is full. */
const BUSY_SECONDS = 5;

/** What a refused form shows: the text, and the field it is about, which is tied to it (WCAG 2.2, 3.3.1). */
export interface Alert {
  readonly text: string;
  readonly field: 'password' | 'confirmation' | 'code' | undefined;
  readonly status: 422 | 429 | 503;
  /** When it may be sent again as it is. */
  readonly retryAfterSeconds: number | undefined;
}

const FIELDS: Partial<Record<Refusal['kind'], Alert['field']>> = {
  'missing-password': 'password',
  'wrong-password': 'password',
  'too-many-passwords': 'password',
  'too-many-checks': 'password',
  'passwords-differ': 'confirmation',
  'missing-code': 'code',
  'wrong-code': 'code',
  'wrong-recovery-code': 'code',
  'other-period': 'code',
  'used-code': 'code',
  'used-recovery-code': 'code',
  locked: 'code',
  'recovery-code-only': 'code',
};

/** Puts a refusal into words that say what was wrong and what to do next. */
export function alertOf(t: Translate, refusal: Refusal, now: number): Alert {
  const retryAfterSeconds = secondsOf(refusal, now);
  const status = refusal.kind === 'busy' ? 503 : retryAfterSeconds === undefined ? 422 : 429;
  return { text: refusalText(t, refusal, now), field: FIELDS[refusal.kind], status, retryAfterSeconds };
}

/** The status and the waiting time that go with it. */
export function setRefused(ctx: Context, { status, retryAfterSeconds }: Alert): void {
  ctx.status = status;
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
}

function secondsOf(refusal: Refusal, now: number): number | undefined {
  if (refusal.kind === 'busy') return BUSY_SECONDS;
  if (refusal.kind === 'locked') return Math.max(1, Math.ceil((refusal.until - now) / 1000));
  return 'retryAfterSeconds' in refusal ? refusal.retryAfterSeconds : undefined;
}

function refusalText(t: Translate, refusal: Refusal, now: number): string {
  switch (refusal.kind) {
    case 'missing-password':
      return t('refusal.missing-password');
    case 'wrong-password':
      return t('refusal.wrong-password');
    case 'too-many-passwords':
      return t('refusal.too-many-passwords', { wait: durationText(t, refusal.retryAfterSeconds * 1000) });
    case 'too-many-checks':
      return t('refusal.too-many-checks', { wait: durationText(t, refusal.retryAfterSeconds * 1000) });
    case 'too-many-acts':
      return t('refusal.too-many-acts', { wait: durationText(t, refusal.retryAfterSeconds * 1000) });
    case 'too-many-from-address':
      return t('refusal.too-many-from-address', { wait: durationText(t, refusal.retryAfterSeconds * 1000) });
    case 'busy':
      return t('refusal.busy');
    case 'passwords-differ':
      return t('refusal.passwords-differ');
    case 'missing-code':
      return t('refusal.missing-code');
    case 'wrong-code':
      return t('refusal.wrong-code');
    case 'wrong-recovery-code':
      return t('refusal.wrong-recovery-code');
    case 'other-period':
      return t('refusal.other-period', { shown: refusal.shown, wanted: refusal.wanted });
    case 'used-code':
      return t('refusal.used-code');
    case 'used-recovery-code':
      return t('refusal.used-recovery-code');
    case 'locked':
      return t('refusal.locked', { wait: durationText(t, refusal.until - now) });
    case 'recovery-code-only':
      return t('refusal.recovery-code-only');
    case 'gone':
    case 'changed-meanwhile':
      return t('refusal.changed-meanwhile');
    case 'enrolment-over':
      return t('refusal.enrolment-over');
    case 'not-registered':
      return t('refusal.not-registered');
    case 'nothing-to-adopt':
      return t('refusal.nothing-to-adopt');
    case 'required':
      return t('refusal.required');
    case 'impersonating':
      return t('refusal.impersonating');
    case 'not-allowed':
      return t('refusal.not-allowed');
    case 'unknown-account':
      return t('refusal.unknown-account');
  }
}
