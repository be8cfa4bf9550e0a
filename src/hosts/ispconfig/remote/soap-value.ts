import { BadCall } from './bad-call.js';
import { elementsOf, textOf, type XmlElement } from './xml-tree.js';

const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
/** Types that a client may give a text by its look alone (SOAP::Lite does): the text is the value. */
const PLAIN =
  /^(?:boolean|string|normalizedString|token|language|Name|NCName|NMTOKEN|anyURI|QName|duration|dateTime|time|date|g(?:Year|Month|Day)|gYearMonth|gMonthDay)$/;
const NUMBER =
  /^(?:float|double|decimal|integer|(?:nonPositive|nonNegative|positive|negative)Integer|(?:unsigned)?(?:Long|Int|Short|Byte)|long|int|short|byte)$/;

/**
 * The value of an argument. Throws `BadCall` when it has parts, stands somewhere else, is of a type that is no text,
 * or holds bytes that XML cannot carry as text.
 */
export function argumentOf(argument: XmlElement): string | null {
  if (refers(argument)) throw new BadCall('a reference');
  if (elementsOf(argument).length > 0) throw new BadCall('an argument that is no text');
  if (['true', '1'].includes(ownOf(argument, 'nil')?.trim() ?? '')) return null;
  const type = typeOf(argument);
  const text = textOf(argument);
  if (type === 'string') return text;
  if (PLAIN.test(type) || NUMBER.test(type)) return text.trim();
  if (type === 'base64Binary') return bytesOf(text.replace(/\s+/g, ''), 'base64');
  if (type === 'hexBinary') return bytesOf(text.trim().toLowerCase(), 'hex');
  throw new BadCall('an argument of another type');
}

/** PHP's `== true` of an argument: a number is true unless it is 0, however it is written; so is any text but "0". */
export function isTrue(argument: XmlElement): boolean {
  const text = argumentOf(argument);
  if (!text) return false;
  const type = typeOf(argument);
  if (type === 'boolean') return ['true', '1'].includes(text.toLowerCase());
  return NUMBER.test(type) ? Number(text) !== 0 : text !== '0';
}

/** With a reference the value of an argument stands somewhere else. */
export function refers({ attributes }: XmlElement): boolean {
  return attributes.some(({ local }) => local === 'href' || local === 'ref');
}

function typeOf(argument: XmlElement): string {
  return ownOf(argument, 'type')?.split(':').at(-1)?.trim() ?? 'string';
}

function ownOf({ attributes }: XmlElement, name: string): string | undefined {
  return attributes.find(({ local, uri }) => local === name && uri === INSTANCE)?.value;
}

function bytesOf(text: string, coding: 'base64' | 'hex'): string {
  const bytes = Buffer.from(text, coding);
  const decoded = bytes.toString();
  const isText = bytes.equals(Buffer.from(decoded)) && !/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(decoded);
  if (bytes.toString(coding) !== text || !isText) throw new BadCall('an argument that is no text');
  return decoded;
}
