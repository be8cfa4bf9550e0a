import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { Slot } from '../../slot.js';
import { around, attribute, escapeHtml, hasClass, Markup } from './markup.js';

/** Where a slot's fields go when the page's Save is pressed. */
export interface SlotTarget {
  readonly form: string;
  readonly action: string;
  /** Does the panel's own select get the option *2FA*? */
  readonly mirrored: boolean;
  /** The panel's own second factor that is on, by its word. */
  readonly panelKind?: string | undefined;
}

/** An edit page of the panel, as far as a slot needs to know it. */
export class SlotPage {
  readonly #markup: Markup;
  readonly #save: Tree.Element | undefined;
  readonly #select: Tree.Element | undefined;

  /** `path` is the page's own, as its Save button names it. */
  constructor(html: string, path: string) {
    this.#markup = new Markup(html, 'fragment');
    this.#save = this.#markup.find(
      (element) =>
        hasClass(element, 'formbutton-success') && attribute(element, 'data-form-action') === path.slice(1),
    );
    this.#select = this.#markup.find(
      (element) => element.tagName === 'select' && attribute(element, 'name') === 'otp_type',
    );
  }

  /** The id of the record that is edited; undefined for a new one. */
  get recordId(): string | undefined {
    const field = this.#markup.find(
      (element) => element.tagName === 'input' && attribute(element, 'name') === 'id',
    );
    const id = field && attribute(field, 'value');
    return id && /^[1-9]\d{0,9}$/.test(id) ? id : undefined;
  }

  /** The panel's own second factor that this page shows as chosen, by its word; undefined where the panel has none. */
  get panelKind(): string | undefined {
    if (!this.#select) return undefined;
    const options = optionsOf(this.#select);
    const chosen = options.findLast((option) => attribute(option, 'selected') !== undefined) ?? options[0];
    return (chosen && attribute(chosen, 'value')) ?? 'none';
  }

  /** The page with the slot below the panel's own select, else above its buttons; undefined without these. */
  with(slot: Slot, target: SlotTarget): string | undefined {
    const buttons = this.#save && around(this.#save, (element) => hasClass(element, 'clear'));
    const group = this.#select && around(this.#select, (element) => hasClass(element, 'form-group'));
    if (!buttons) return undefined;
    const mirrored = target.mirrored && this.#select !== undefined && this.#mirror(this.#select);
    const block = place(slot, target, mirrored ? (this.#select as Tree.Element) : undefined);
    if (group) this.#markup.after(group, block);
    else this.#markup.before(buttons, block);
    return this.#markup.toString();
  }

  /**
   * The select gains our option and loses its name to a hidden field, so that the panel is never sent a kind of
   * second factor that it does not know.
   */
  #mirror(select: Tree.Element): boolean {
    if (!this.#markup.append(select, '<option value="2fa">2FA</option>')) return false;
    this.#markup.replaceAttribute(select, 'name', 'data-twofa-select');
    this.#markup.after(
      select,
      `<input type="hidden" name="otp_type" value="${escapeHtml(this.panelKind ?? 'none')}" data-twofa-panel-value>`,
    );
    return true;
  }
}

function place(
  slot: Slot,
  { form, action, panelKind = 'none' }: SlotTarget,
  mirrored: Tree.Element | undefined,
): string {
  const kinds = mirrored && optionsOf(mirrored).map((option) => attribute(option, 'value') ?? '');
  const attributes = {
    class: mirrored ? 'twofa-place twofa-mirrored' : 'twofa-place',
    'data-twofa-place': form,
    'data-twofa-action': action,
    ...(kinds && { 'data-twofa-panel': panelKind, 'data-twofa-kinds': kinds.join(' ') }),
  };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<div${written.join('')}>${slot.html}</div>`;
}

function optionsOf(select: Tree.Element): Tree.Element[] {
  return select.childNodes.filter((node): node is Tree.Element => 'tagName' in node);
}
