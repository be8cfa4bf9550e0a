import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';

type Element = Tree.Element;

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * A page of the panel, changed at places that a real HTML parser has found. What is not changed stays as it was, byte
 * for byte; what is not found is undefined, for the caller to go without.
 */
export class Markup {
  readonly #html: string;
  readonly #root: Tree.ParentNode;
  readonly #changes: Change[] = [];

  constructor(html: string, kind: 'document' | 'fragment') {
    this.#html = html;
    const options = { sourceCodeLocationInfo: true };
    this.#root = kind === 'document' ? parse(html, options) : parseFragment(html, options);
  }

  find(wanted: (element: Element) => boolean, below: Tree.ParentNode = this.#root): Element | undefined {
    for (const node of below.childNodes) {
      if (!isElement(node)) continue;
      const found = wanted(node) ? node : this.find(wanted, node);
      if (found) return found;
    }
    return undefined;
  }

  all(wanted: (element: Element) => boolean, below: Tree.ParentNode = this.#root): Element[] {
    return below.childNodes
      .filter(isElement)
      .flatMap((element) => [...(wanted(element) ? [element] : []), ...this.all(wanted, element)]);
  }

  /** Inserts before the element; the last of several at one place stands last. */
  before(element: Element, text: string): void {
    const at = element.sourceCodeLocation?.startOffset;
    if (at !== undefined) this.#changes.push({ from: at, to: at, text });
  }

  after(element: Element, text: string): void {
    const at = element.sourceCodeLocation?.endOffset;
    if (at !== undefined) this.#changes.push({ from: at, to: at, text });
  }

  /** Inserts as the last thing in the element; false when the page does not say where that ends. */
  append(element: Element, text: string): boolean {
    const at = element.sourceCodeLocation?.endTag?.startOffset;
    if (at !== undefined) this.#changes.push({ from: at, to: at, text });
    return at !== undefined;
  }

  /** Inserts behind everything; a browser takes that for the end of the body. */
  atEnd(text: string): void {
    this.#changes.push({ from: this.#html.length, to: this.#html.length, text });
  }

  replaceAttribute(element: Element, name: string, text: string): void {
    const place = element.sourceCodeLocation?.attrs?.[name];
    if (place) this.#changes.push({ from: place.startOffset, to: place.endOffset, text });
  }

  addAttribute(element: Element, text: string): void {
    const at = element.sourceCodeLocation?.startTag?.startOffset ?? element.sourceCodeLocation?.startOffset;
    if (at === undefined) return;
    const end = at + 1 + element.tagName.length;
    this.#changes.push({ from: end, to: end, text: ` ${text}` });
  }

  toString(): string {
    let at = 0;
    let text = '';
    for (const change of this.#changes.toSorted((one, other) => one.from - other.from)) {
      text += this.#html.slice(at, change.from) + change.text;
      at = change.to;
    }
    return text + this.#html.slice(at);
  }
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

export function hasClass(element: Element, name: string): boolean {
  return (attribute(element, 'class') ?? '').split(/\s+/).includes(name);
}

/** The nearest element around this one that is wanted. */
export function around(element: Element, wanted: (element: Element) => boolean): Element | undefined {
  const parent = element.parentNode;
  if (!parent || !isElement(parent)) return undefined;
  return wanted(parent) ? parent : around(parent, wanted);
}

/** All elements around this one, the nearest first. */
export function allAround(element: Element): Element[] {
  const parent = element.parentNode;
  return parent && isElement(parent) ? [parent, ...allAround(parent)] : [];
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function isElement(node: Tree.Node): node is Element {
  return 'tagName' in node;
}
