import type { Context } from 'koa';
import { isImpersonating, keyText } from '../core/account/account.js';
import type { AccountState } from '../core/admin/account-state.js';
import { askerOf } from '../core/audit/visit.js';
import type { Settled } from '../core/own/handover.js';
import { ownStatus } from '../core/own/own-status.js';
import type { Slot } from '../hosts/slot.js';
import { csrfToken } from './csrf.js';
import { FALLBACK_LANGUAGE } from './messages.js';
import { qrCodeSvg } from './qr-code.js';
import { recoverySheet } from './recovery-sheet.js';
import { alertOf, type Refusal } from './refusals.js';
import type { Services } from './services.js';
import type { SessionVisitor } from './visitor.js';

/** What comes instead of the slot is an alert to be put into the one that is there. */
export const ALERT_HEADER = 'X-Twofa-Alert';

/** To draw one keeps the whole process busy for some milliseconds; nobody reloads a page so often. */
const QR_CODES = { limit: 60, windowSeconds: 60 } as const;

/** What a settings slot shows beside the state of the factor. */
export interface Shown {
  readonly refusal?: Refusal;
  /** What was refused is to turn it off: the form stays as it was filled in. */
  readonly turningOff?: boolean;
  /** What came of handing over to the panel's own factor. */
  readonly settled?: Exclude<Settled, 'none'>;
  /** The key is that of the panel's own TOTP, whose turn is over with Save unless he says otherwise. */
  readonly adopted?: true;
  /** Shown once, right after they were made. */
  readonly recoveryCodes?: readonly string[];
}

/** Renders the slots from the live state of the factor. */
export class Slots {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * One's own factor, for the settings page, the mail user's password page and our standalone page. `shown` comes after an
   * act of this request, which may have changed the factor: it is read again then.
   */
  async settings(ctx: Context, visitor: SessionVisitor, form: string, shown?: Shown): Promise<Slot> {
    const { views, keys, clock, factors, requires, issuer, publicOrigin } = this.#services;
    const { session } = visitor;
    const language = views.language(ctx, session.account);
    const isKnown = !shown && !isImpersonating(session);
    const state = isKnown ? visitor.actorFactor : await factors.find(session.account);
    const status = await ownStatus(this.#services, session, state);
    const html = views.render('slot-settings', language, {
      form,
      status,
      csrf: csrfToken(keys, session, 'settings'),
      qr: status.kind === 'setup' && status.keyUri ? await this.#qrCode(visitor, status.keyUri) : undefined,
      adoptable:
        status.kind === 'setup' && !status.swap && (await this.#services.adoption.isOffered(visitor)),
      adopted: shown?.adopted,
      alert: shown?.refusal && alertOf(views.translate(language), shown.refusal, clock()),
      turningOff: shown?.turningOff,
      settled: shown?.settled,
      required: requires(session.actor),
      recoveryCodes: shown?.recoveryCodes,
      sheet:
        shown?.recoveryCodes &&
        recoverySheet(views.translate(language), {
          issuer,
          publicOrigin,
          account: session.actor.name,
          madeAt: clock(),
          timeZone: views.timeZone,
          codes: shown.recoveryCodes,
        }),
    });
    return { html, forms: this.settingsForms() };
  }

  /** Undefined when this account has had too many drawn: the same data stand beside it as text. */
  async #qrCode(visitor: SessionVisitor, keyUri: string): Promise<string | undefined> {
    const bucket = `qr-code/account/${askerOf(visitor).account}`;
    const spend = await this.#services.limiter.spend(bucket, QR_CODES);
    return spend.allowed ? qrCodeSvg(keyUri) : undefined;
  }

  /** The forms of the settings slot alone: the same for everybody, in every state. What is sent stands in the slot. */
  settingsForms(): string {
    return this.#services.views.render('slot-settings-forms', FALLBACK_LANGUAGE, {});
  }

  /** Somebody else's factor, for the admin's page of a user. */
  async userEdit(
    ctx: Context,
    visitor: SessionVisitor,
    form: string,
    state: AccountState,
    refusal?: Refusal,
  ): Promise<Slot> {
    const { views, keys, clock, stepUp } = this.#services;
    const language = views.language(ctx, visitor.session.account);
    const html = views.render('slot-user-edit', language, {
      form,
      state,
      needs: await stepUp.needs(visitor),
      csrf: csrfToken(keys, visitor.session, `account/${keyText(state.account)}`),
      alert: refusal && alertOf(views.translate(language), refusal, clock()),
    });
    return { html, forms: '' };
  }
}
