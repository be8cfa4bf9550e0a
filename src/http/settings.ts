import type { Context } from 'koa';
import { isImpersonating } from '../core/account/account.js';
import { field, formOf } from './forms.js';
import { refusedSave, saveSettings } from './saves.js';
import type { Services } from './services.js';
import { showSlotPage } from './slot-page.js';
import { type Shown, SLOT_HEADER, type Slots } from './slots.js';
import type { SessionVisitor, Visitors } from './visitor.js';

/** The form of our standalone page that its Save button submits. */
const STANDALONE_FORM = 'twofa-save';

/** What the slot's own buttons do, and the standalone page for users whose panel has no page with a slot. */
export class SettingsPages {
  readonly #services: Services;
  readonly #visitors: Visitors;
  readonly #slots: Slots;

  constructor(services: Services, visitors: Visitors, slots: Slots) {
    this.#services = services;
    this.#visitors = visitors;
    this.#slots = slots;
  }

  async show(ctx: Context, visitor: SessionVisitor): Promise<void> {
    await this.#answer(ctx, visitor);
  }

  async begin(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const outcome = await this.#services.enrolments.begin(visitor);
    if (outcome.kind === 'begun') return this.#back(ctx, visitor);
    return this.#answer(ctx, visitor, { refusal: outcome });
  }

  async register(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.enrolments.register(visitor, password, code);
    return this.#answer(
      ctx,
      visitor,
      outcome.kind === 'registered' ? { recoveryCodes: outcome.recoveryCodes } : { refusal: outcome },
    );
  }

  async renew(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.ownFactor.renewRecoveryCodes(visitor, password, code);
    return this.#answer(
      ctx,
      visitor,
      outcome.kind === 'renewed' ? { recoveryCodes: outcome.recoveryCodes } : { refusal: outcome },
    );
  }

  async move(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.enrolments.beginMove(visitor, password, code);
    if (outcome.kind === 'begun') return this.#back(ctx, visitor);
    return this.#answer(ctx, visitor, { refusal: outcome });
  }

  async abandon(ctx: Context, visitor: SessionVisitor): Promise<void> {
    await this.#services.enrolments.abandon(visitor.session);
    return this.#back(ctx, visitor);
  }

  async save(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const fields = formOf(ctx);
    const refusal = await saveSettings(this.#services, this.#visitors, ctx, visitor, fields);
    if (refusal) return this.#answer(ctx, visitor, refusedSave(refusal, fields));
    return this.#back(ctx, visitor);
  }

  /** There is nothing to show just once: the page the slot belongs to shows the new state. */
  async #back(ctx: Context, visitor: SessionVisitor): Promise<void> {
    const { host, mount } = this.#services;
    if (ctx.get(SLOT_HEADER)) return this.#answer(ctx, visitor, {});
    host.sendTo(ctx, host.settingsPath(visitor.session.account) ?? `${mount}/settings`);
  }

  async #answer(ctx: Context, visitor: SessionVisitor, shown?: Shown): Promise<void> {
    const { views } = this.#services;
    const t = views.translate(views.language(ctx, visitor.session.account));
    await showSlotPage(this.#services, ctx, visitor, {
      template: 'settings',
      form: STANDALONE_FORM,
      slotFor: (form) => this.#slots.settings(ctx, visitor, form, shown),
      data: { title: t('settings.title'), required: requiredOf(visitor) },
      refusal: shown?.refusal,
    });
  }
}

/** The notice for somebody who cannot use the rest of the panel until a factor is set up. */
function requiredOf({ factorRequired, actorFactor, session }: SessionVisitor): string | undefined {
  if (!factorRequired || actorFactor.kind === 'active') return undefined;
  return isImpersonating(session) ? 'settings.required-actor' : 'settings.required';
}

function proofOf(ctx: Context): { password: string; code: string } {
  const fields = formOf(ctx);
  return { password: field(fields, 'password'), code: field(fields, 'code') };
}
