import type { Context } from 'koa';
import { SLOT_HEADER } from '../core/gate/slot-header.js';
import type { Slot } from '../hosts/slot.js';
import { showFramed } from './framed.js';
import { alertOf, type Refusal, setRefused } from './refusals.js';
import type { Services } from './services.js';
import type { SessionVisitor } from './visitor.js';

/** A page of ours around a slot. */
export interface SlotPage {
  readonly template: string;
  /** The id of the form that the page's own Save button submits. */
  readonly form: string;
  /** Renders the slot for the form with this id. */
  readonly slotFor: (form: string) => Promise<Slot>;
  /** What the template gets beside `slot` and `form`. */
  readonly data: { readonly title: string } & Record<string, unknown>;
  readonly refusal: Refusal | undefined;
}

/** Answers with the page, or with its slot alone when our script in the panel's own page asks for it. */
export async function showSlotPage(
  services: Services,
  ctx: Context,
  visitor: SessionVisitor,
  { template, form, slotFor, data, refusal }: SlotPage,
): Promise<void> {
  const { views, clock } = services;
  const t = views.translate(views.language(ctx, visitor.session.account));
  if (refusal) setRefused(ctx, alertOf(t, refusal, clock()));
  const panelForm = ctx.get(SLOT_HEADER);
  const slot = await slotFor(panelForm || form);
  if (!panelForm) return showFramed(services, ctx, visitor, template, { ...data, slot, form });
  ctx.type = 'html';
  ctx.set(SLOT_HEADER, panelForm);
  ctx.body = slot.html;
}
