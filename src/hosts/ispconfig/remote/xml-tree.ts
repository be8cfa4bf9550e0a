import { SaxesParser, type SaxesTagNS } from 'saxes';
import { BadCall } from './remote-body.js';

export interface XmlElement {
  readonly name: string;
  readonly local: string;
  readonly uri: string;
  readonly attributes: readonly { name: string; local: string; uri: string; value: string }[];
  readonly children: readonly (XmlElement | string)[];
}

const DEEPEST = 64;

/**
 * Reads a whole XML document, strictly: no document type, no entities of its own, no processing instructions, UTF-8
 * only. Throws `BadCall` for any other. Comments are left out, CDATA is text.
 */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: { tag: SaxesTagNS; children: (XmlElement | string)[] }[] = [];
  let root: XmlElement | undefined;
  const refuse = (reason: string) => () => {
    throw new BadCall(reason);
  };
  const addText = (part: string) => void open.at(-1)?.children.push(part);
  parser.on('error', refuse('XML that is not well-formed'));
  parser.on('doctype', refuse('XML with a document type'));
  parser.on('processinginstruction', refuse('XML with a processing instruction'));
  parser.on('xmldecl', ({ encoding, version }) => {
    if (!/^utf-8$/i.test(encoding ?? 'utf-8') || version !== '1.0') refuse('XML of another kind')();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', (tag) => {
    if (open.length >= DEEPEST) refuse('XML of great depth')();
    open.push({ tag, children: [] });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const { tag, children } = closed;
    const element = {
      name: tag.name,
      local: tag.local,
      uri: tag.uri,
      attributes: Object.values(tag.attributes),
      children,
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(text).close();
  if (!root) throw new BadCall('XML without an element');
  return root;
}

export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string');
}

export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('');
}

export function writeXml(element: XmlElement): string {
  const attributes = element.attributes.map(({ name, value }) => ` ${name}="${escapeXml(value)}"`).join('');
  const inner = element.children.map((child) =>
    typeof child === 'string' ? escapeXml(child) : writeXml(child),
  );
  return `<${element.name}${attributes}>${inner.join('')}</${element.name}>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
