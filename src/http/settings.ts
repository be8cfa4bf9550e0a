import type { Context } from 'koa';
import { isImpersonating } from '../core/account/account.js';
import { SLOT_HEADER } from '../core/gate/slot-header.js';
import type { Begun } from '../core/own/enrolment.js';
import { field, formOf } from './forms.js';
import { type FormPage, once } from './once.js';
import { saveSettings, unfinishedSave } from './saves.js';
import type { Services } from './services.js';
import { showSlotPage } from './slot-page.js';
import type { Shown, Slots } from './slots.js';
import type { SessionVisitor, Visitors } from './visitor.js';

/** The form of our standalone page that its Save button submits. */
const STANDALONE_FORM = 'twofa-save';

/** What came of one of the slot's buttons. */
interface Done extends Shown {
  /** The generation of the factor that is active now. */
  readonly saved?: string;
  /** The generation of the factor that Save is going to make active. */
  readonly registered?: string;
  /** The factor goes off once the panel's own is on: the slot stays as it was filled in. */
  readonly agreed?: true;
}

/** What the slot's own buttons do, and the standalone page for users whose panel has no page with a slot. */
export class SettingsPages {
  readonly begin: FormPage<SessionVisitor>;
  readonly register: FormPage<SessionVisitor>;
  readonly adopt: FormPage<SessionVisitor>;
  readonly renew: FormPage<SessionVisitor>;
  readonly move: FormPage<SessionVisitor>;
  readonly abandon: FormPage<SessionVisitor>;
  readonly save: FormPage<SessionVisitor>;
  readonly #services: Services;
  readonly #visitors: Visitors;
  readonly #slots: Slots;

  constructor(services: Services, visitors: Visitors, slots: Slots) {
    this.#services = services;
    this.#visitors = visitors;
    this.#slots = slots;
    const page = (act: (ctx: Context, visitor: SessionVisitor) => Promise<Done>) =>
      once(services, act.bind(this), this.#done.bind(this));
    this.begin = page(async (_ctx, visitor) => begun(await services.enrolments.begin(visitor)));
    this.register = page(this.#register);
    this.adopt = page(this.#adopt);
    this.renew = page(this.#renew);
    this.move = page(this.#move);
    this.abandon = page(this.#abandon);
    this.save = page(this.#save);
  }

  async show(ctx: Context, visitor: SessionVisitor): Promise<void> {
    await this.#answer(ctx, visitor);
  }

  async #register(ctx: Context, visitor: SessionVisitor): Promise<Done> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.enrolments.register(visitor, password, code);
    if (outcome.kind !== 'registered') return { refusal: outcome };
    return { recoveryCodes: outcome.recoveryCodes, registered: outcome.generation };
  }

  async #adopt(ctx: Context, visitor: SessionVisitor): Promise<Done> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.adoption.adopt(visitor, password, code);
    if (outcome.kind !== 'registered') return { refusal: outcome };
    return { recoveryCodes: outcome.recoveryCodes, registered: outcome.generation, adopted: true };
  }

  async #renew(ctx: Context, visitor: SessionVisitor): Promise<Done> {
    const { password, code } = proofOf(ctx);
    const outcome = await this.#services.ownFactor.renewRecoveryCodes(visitor, password, code);
    return outcome.kind === 'renewed' ? { recoveryCodes: outcome.recoveryCodes } : { refusal: outcome };
  }

  async #move(ctx: Context, visitor: SessionVisitor): Promise<Done> {
    const { password, code } = proofOf(ctx);
    return begun(await this.#services.enrolments.beginMove(visitor, password, code));
  }

  async #abandon(_ctx: Context, visitor: SessionVisitor): Promise<Done> {
    await this.#services.enrolments.abandon(visitor.session);
    return {};
  }

  async #save(ctx: Context, visitor: SessionVisitor): Promise<Done> {
    const fields = formOf(ctx);
    const saved = await saveSettings(this.#services, visitor, fields);
    return saved.refusal || saved.agreed ? { ...unfinishedSave(saved.refusal, fields), ...saved } : saved;
  }

  async #done(ctx: Context, visitor: SessionVisitor, done: Done): Promise<void> {
    const { session } = visitor;
    if (done.saved) this.#visitors.clear(ctx, session, done.saved);
    if (done.registered) this.#visitors.clearAhead(ctx, visitor, done.registered);
    return done.refusal || done.recoveryCodes || done.agreed
      ? this.#answer(ctx, visitor, done)
      : this.#back(ctx, visitor);
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

function begun(outcome: Begun): Done {
  return outcome.kind === 'begun' ? {} : { refusal: outcome };
}

function proofOf(ctx: Context): { password: string; code: string } {
  const fields = formOf(ctx);
  return { password: field(fields, 'password'), code: field(fields, 'code') };
}
