import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { MenuEntry, Slot } from '../../slot.js';
import { allAround, attribute, escapeHtml, Markup } from './markup.js';
import { isField, savingControls } from './saving.js';

/** Where a slot's fields go when the page's Save is pressed. */
export interface SlotTarget {
  readonly form: string;
  readonly action: string;
  /** Does the panel's own select get the option *2FA*? */
  readonly mirrored: boolean;
  /** The panel's own second factor that is on, by its word. */
  readonly panelKind?: string | undefined;
  /** A page of ours with the same; seen where the shell has not loaded our script. */
  readonly elsewhere: Pick<MenuEntry, 'label' | 'path'>;
}

/** A block inside one of these would be moved out of it by the browser's parser. */
const TAKES_NO_BLOCK =
  /^(?:table|thead|tbody|tfoot|tr|colgroup|ul|ol|dl|p|a|button|label|select|optgroup|h[1-6]|span|strong|em|b|i)$/;

/** An edit page of the panel, as far as a slot needs to know it. */
export class SlotPage {
  readonly #markup: Markup;
  readonly #saving: readonly Tree.Element[];
  readonly #select: Tree.Element | undefined;

  /** `path` is the page's own, as whatever saves it names it. */
  constructor(html: string, path: string) {
    this.#markup = new Markup(html, 'fragment');
    this.#saving = savingControls(this.#markup, path);
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

  /** The page with the slot below the panel's own select, else above what saves the page; undefined without anything that does. */
  with(slot: Slot, target: SlotTarget): string | undefined {
    const last = this.#saving.at(-1);
    if (!last) return undefined;
    const line =
      this.#select && this.#lineOf(this.#select, (element) => isOtherField(element) || element === last);
    const buttons = this.#lineOf(last, isField);
    if (!line && !buttons) return undefined;
    const mirrored = target.mirrored && this.#select !== undefined && this.#mirror(this.#select);
    const block = place(slot, target, mirrored ? (this.#select as Tree.Element) : undefined);
    if (line) this.#markup.after(line, block);
    else if (buttons) this.#markup.before(buttons, block);
    for (const control of this.#saving) this.#markup.addAttribute(control, 'data-twofa-saves');
    return this.#markup.toString();
  }

  /** The widest box around an element, or itself, that has nothing of the others in it and stands where a block may stand. */
  #lineOf(element: Tree.Element, isOther: (element: Tree.Element) => boolean): Tree.Element | undefined {
    const boxes = [element, ...allAround(element)];
    const end = boxes.findIndex((box) => this.#markup.find(isOther, box) !== undefined);
    return boxes
      .slice(0, end === -1 ? undefined : end)
      .findLast(
        ({ parentNode }) =>
          parentNode && !('tagName' in parentNode && TAKES_NO_BLOCK.test(parentNode.tagName)),
      );
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

/** A field that has nothing to do with the panel's own second factor. */
function isOtherField(element: Tree.Element): boolean {
  return isField(element) && !/^t?otp_/.test(attribute(element, 'name') ?? '');
}

function place(
  slot: Slot,
  { form, action, elsewhere, panelKind = 'none' }: SlotTarget,
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
  const { path, label } = elsewhere;
  const way = `<p class="twofa-elsewhere"><a href="${escapeHtml(path)}">${escapeHtml(label)}</a></p>`;
  return `${way}<div${written.join('')}>${slot.html}</div>`;
}

function optionsOf(select: Tree.Element): Tree.Element[] {
  return select.childNodes.filter((node): node is Tree.Element => 'tagName' in node);
}
