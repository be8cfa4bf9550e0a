import type { AccountKey } from '../core/account/account.js';
import { ownStatus } from '../core/own/own-status.js';
import type { SelfRefusal } from '../core/own/self-refusal.js';
import { type Fields, field } from './forms.js';
import type { Refusal } from './refusals.js';
import type { Services } from './services.js';
import type { Shown } from './slots.js';
import type { SessionVisitor } from './visitor.js';

/** What came of a Save: nothing when nothing was asked for. */
export interface SavedSettings {
  readonly refusal?: SelfRefusal;
  /** The generation of the factor that is active now. */
  readonly saved?: string;
  /** The factor goes off once the panel's own is on. */
  readonly agreed?: true;
}

/** Carries out what the fields of the settings slot ask for at Save. */
export async function saveSettings(
  services: Services,
  visitor: SessionVisitor,
  fields: Fields,
): Promise<SavedSettings> {
  const { enrolments, ownFactor, handover } = services;
  const mode = field(fields, 'twofa_mode');
  const instead = field(fields, 'twofa_instead');
  // Somebody logged in as another user learns nothing of this state, and every write names the generation it changes.
  const status = await ownStatus(services, visitor.session, visitor.actorFactor);
  switch (status.kind) {
    case 'impersonating':
      return {};
    case 'off': {
      if (mode !== '2fa') return {};
      const begun = await enrolments.begin(visitor);
      return { refusal: begun.kind === 'begun' ? { kind: 'not-registered' } : begun };
    }
    case 'setup': {
      if (mode === '2fa') return activate(services, visitor);
      if (mode !== 'none') return {};
      if (status.swap && instead) return agree();
      const disabled = status.swap ? await disable() : {};
      if (!disabled.refusal) await enrolments.abandon(visitor.session);
      return disabled;
    }
    case 'active':
      if (mode !== 'none') return {};
      return instead ? agree() : disable();
  }

  async function disable(): Promise<SavedSettings> {
    const outcome = await ownFactor.disable(
      visitor,
      field(fields, 'twofa_password'),
      field(fields, 'twofa_confirm'),
    );
    return outcome.kind === 'disabled' ? {} : { refusal: outcome };
  }

  /** It stays on until the panel, whose own form is saved next, has its own on. */
  async function agree(): Promise<SavedSettings> {
    const outcome = await handover.agree(
      visitor,
      instead,
      field(fields, 'twofa_password'),
      field(fields, 'twofa_confirm'),
    );
    return outcome.kind === 'agreed' ? { agreed: true } : { refusal: outcome };
  }
}

async function activate({ enrolments }: Services, visitor: SessionVisitor): Promise<SavedSettings> {
  const outcome = await enrolments.save(visitor);
  return outcome.kind === 'saved' ? { saved: outcome.generation } : { refusal: outcome };
}

/** What the settings slot shows after a Save that was refused, or that waits for the panel's. */
export function unfinishedSave(refusal: Refusal | undefined, fields: Fields): Shown {
  return { ...(refusal && { refusal }), turningOff: fields.twofa_mode === 'none' };
}

/** What came of a Save of the user-edit slot. */
export interface SavedUserEdit {
  readonly refusal?: Refusal;
}

/** Carries out what the fields of the user-edit slot ask for at Save: unticking switches off, nothing switches on. */
export async function saveUserEdit(
  services: Services,
  visitor: SessionVisitor,
  key: AccountKey,
  fields: Fields,
): Promise<SavedUserEdit> {
  const shownActive = field(fields, 'twofa_shown') === 'active';
  const ticked = field(fields, 'twofa_enabled') !== '';
  if (!shownActive || ticked) return {};
  const outcome = await services.administration.disable(
    visitor,
    key,
    field(fields, 'twofa_password'),
    field(fields, 'twofa_code'),
  );
  return outcome.kind === 'disabled' ? {} : { refusal: outcome };
}
