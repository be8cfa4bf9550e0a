import { decode, type Element, elementsOf, textOf } from './html-elements.js';

/** A form of a page, as a browser without JavaScript would send it. */
export interface HtmlForm {
  readonly id: string | undefined;
  /** As written; `undefined` is the page itself. */
  readonly action: string | undefined;
  readonly method: 'GET' | 'POST';
  /** What is sent: hidden and typed values, the ticked and the selected. Buttons are not among them. */
  readonly fields: Record<string, string>;
}

/** All forms of a page in the order they open. A control belongs to the form it names by `form="id"`, else to the one it stands in. */
export function formsOf(html: string): HtmlForm[] {
  const elements = elementsOf(html);
  const forms = new Map<Element, HtmlForm>();
  for (const element of elements) {
    if (element.tag !== 'form') continue;
    const { id, action, method } = element.attributes;
    forms.set(element, { id, action, method: method?.toUpperCase() === 'POST' ? 'POST' : 'GET', fields: {} });
  }
  for (const element of elements) {
    const { name, form, disabled } = element.attributes;
    const value = sentValue(element, elements);
    if (!name || value === undefined || disabled !== undefined) continue;
    const owner =
      form === undefined
        ? [...forms].findLast(([{ start, end }]) => start < element.start && element.start < end)?.[1]
        : [...forms.values()].find(({ id }) => id === form);
    if (owner) owner.fields[name] = value;
  }
  return [...forms.values()];
}

/** The form of this id; without one, the only form of the page. Throws, naming what there is, when it is not there. */
export function theForm(html: string, id?: string): HtmlForm {
  const forms = formsOf(html);
  const [found, ...more] = id === undefined ? forms : forms.filter((form) => form.id === id);
  if (found && more.length === 0) return found;
  const names = forms.map((form) => form.id ?? `without id, to ${form.action}`);
  throw new Error(`Not one form ${id ?? ''}; the page has ${forms.length}: ${names.join('; ')}`);
}

/** The fields of {@link theForm} with their values, hidden ones among them. */
export function fieldsOf(html: string, formId?: string): Record<string, string> {
  return { ...theForm(html, formId).fields };
}

/** @returns `undefined` when it is no control that is sent */
function sentValue(element: Element, all: readonly Element[]): string | undefined {
  const { type = 'text', value, checked } = element.attributes;
  if (element.tag === 'textarea') return decode(element.content);
  if (element.tag === 'select') {
    const options = all.filter(
      ({ tag, start }) => tag === 'option' && element.start < start && start < element.end,
    );
    const option = options.find(({ attributes }) => attributes.selected !== undefined) ?? options[0];
    return option && (option.attributes.value ?? textOf(option.content).trim());
  }
  if (element.tag !== 'input') return undefined;
  switch (type.toLowerCase()) {
    case 'submit':
    case 'button':
    case 'image':
    case 'reset':
    case 'file':
      return undefined;
    case 'checkbox':
    case 'radio':
      return checked === undefined ? undefined : (value ?? 'on');
    default:
      return value ?? '';
  }
}
