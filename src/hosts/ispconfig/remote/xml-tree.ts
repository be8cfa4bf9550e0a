import { SaxesParser } from 'saxes';
import { BadCall } from './bad-call.js';

export interface XmlElement {
  readonly local: string;
  readonly uri: string;
  readonly attributes: readonly { readonly local: string; readonly uri: string; readonly value: string }[];
  readonly children: readonly (XmlElement | string)[];
  /** False when the text ends within it. */
  readonly isClosed: boolean;
}

const DEEPEST = 64;

/**
 * Reads XML, or its beginning, strictly: no document type, no entities of its own, no processing instructions.
 * Throws `BadCall` for any other. Comments are left out, CDATA is text.
 */
export function readXml(text: string, isWhole: boolean): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: { children: (XmlElement | string)[]; isClosed: boolean }[] = [];
  let root: XmlElement | undefined;
  const refuse = (reason: string) => () => {
    throw new BadCall(reason);
  };
  const addText = (part: string) => void open.at(-1)?.children.push(part);
  parser.on('error', refuse('XML that is not well-formed'));
  parser.on('doctype', refuse('XML with a document type'));
  parser.on('processinginstruction', refuse('XML with a processing instruction'));
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length >= DEEPEST) refuse('XML of great depth')();
    const element = { local, uri, attributes: Object.values(attributes), children: [], isClosed: false };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed) closed.isClosed = true;
  });
  parser.write(text);
  if (isWhole) parser.close();
  if (!root) throw new BadCall('XML without an element');
  return root;
}

export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string');
}

export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('');
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
