import type { Context } from 'koa';
import type { AccountKey } from '../core/account/account.js';
import { ownStatus } from '../core/own/own-status.js';
import type { SelfRefusal } from '../core/own/self-refusal.js';
import { type Fields, field } from './forms.js';
import type { Refusal } from './refusals.js';
import type { Services } from './services.js';
import type { Shown } from './slots.js';
import type { SessionVisitor, Visitors } from './visitor.js';

/** Carries out what the fields of the settings slot ask for at Save; undefined when it is done or nothing was asked. */
export async function saveSettings(
  services: Services,
  visitors: Visitors,
  ctx: Context,
  visitor: SessionVisitor,
  fields: Fields,
): Promise<SelfRefusal | undefined> {
  const { enrolments, ownFactor } = services;
  const mode = field(fields, 'twofa_mode');
  // Somebody logged in as another user learns nothing of this state, and every write names the generation it changes.
  const status = await ownStatus(services, visitor.session, visitor.actorFactor);
  switch (status.kind) {
    case 'impersonating':
      return undefined;
    case 'off': {
      if (mode !== '2fa') return undefined;
      const begun = await enrolments.begin(visitor);
      return begun.kind === 'begun' ? { kind: 'not-registered' } : begun;
    }
    case 'setup': {
      if (mode === '2fa') return activate(services, visitors, ctx, visitor);
      if (mode !== 'none') return undefined;
      const refusal = status.swap ? await disable() : undefined;
      if (!refusal) await enrolments.abandon(visitor.session);
      return refusal;
    }
    case 'active':
      return mode === 'none' ? disable() : undefined;
  }

  async function disable(): Promise<SelfRefusal | undefined> {
    const outcome = await ownFactor.disable(
      visitor,
      field(fields, 'twofa_password'),
      field(fields, 'twofa_confirm'),
    );
    return outcome.kind === 'disabled' ? undefined : outcome;
  }
}

async function activate(
  services: Services,
  visitors: Visitors,
  ctx: Context,
  visitor: SessionVisitor,
): Promise<SelfRefusal | undefined> {
  const outcome = await services.enrolments.save(visitor);
  if (outcome.kind !== 'saved') return outcome;
  visitors.clear(ctx, visitor.session, outcome.generation);
  return undefined;
}

/** What the settings slot shows after a Save that was refused. */
export function refusedSave(refusal: Refusal, fields: Fields): Shown {
  return { refusal, turningOff: fields.twofa_mode === 'none' };
}

/** Carries out what the fields of the user-edit slot ask for at Save: unticking switches off, nothing switches on. */
export async function saveUserEdit(
  services: Services,
  visitor: SessionVisitor,
  key: AccountKey,
  fields: Fields,
): Promise<Refusal | undefined> {
  const shownActive = field(fields, 'twofa_shown') === 'active';
  const ticked = field(fields, 'twofa_enabled') !== '';
  if (!shownActive || ticked) return undefined;
  const outcome = await services.administration.disable(
    visitor,
    key,
    field(fields, 'twofa_password'),
    field(fields, 'twofa_code'),
  );
  return outcome.kind === 'disabled' ? undefined : outcome;
}
