import { BadCall } from './bad-call.js';
import type { ReadLogin } from './json-call.js';
import { type Argument, argumentsOf, passwordCallOf } from './password-call.js';
import { argumentOf, isTrue, refers } from './soap-value.js';
import { elementsOf, escapeXml, readXml, type XmlElement } from './xml-tree.js';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const ENVELOPE_12 = 'http://www.w3.org/2003/05/soap-envelope';
const SCHEMA = 'http://www.w3.org/2001/XMLSchema';

/** The call in an envelope, as far as it has been read. */
export interface SoapCall {
  readonly is12: boolean;
  readonly method: string;
  readonly element: XmlElement;
}

/**
 * Reads the beginning of a call of the SOAP API, or all of it: an envelope with one call and no headers, which PHP
 * would call as well. Throws `BadCall` for any other.
 */
export function readSoapCall(text: string, isWhole: boolean): SoapCall {
  const envelope = readXml(text, isWhole);
  const { uri } = envelope;
  if (envelope.local !== 'Envelope' || (uri !== ENVELOPE && uri !== ENVELOPE_12))
    throw new BadCall('no SOAP envelope');
  const parts = elementsOf(envelope);
  const [header] = parts.length === 2 ? parts : [];
  const body = parts.at(-1);
  if (parts.length > 2 || body?.local !== 'Body' || body.uri !== uri)
    throw new BadCall('an envelope of other parts');
  if (header && (header.local !== 'Header' || elementsOf(header).length > 0))
    throw new BadCall('SOAP headers');
  const [call, ...more] = elementsOf(body);
  if (!call || more.length > 0) throw new BadCall('not one call');
  if ([envelope, body, call].some(refers)) throw new BadCall('a reference');
  // PHP would call its handler's own `__call`, which calls anything.
  if (!/^[a-z]/i.test(call.local)) throw new BadCall('a method of PHP itself');
  return { is12: uri === ENVELOPE_12, method: call.local, element: call };
}

/**
 * A call that takes a password, written anew from what was understood, so that no type or reference means something
 * else to PHP. Throws `BadCall`.
 */
export function readSoapLogin({ is12, method, element }: SoapCall): ReadLogin {
  const isFlag = (index: number) => index === 2 && method.toLowerCase() === 'login';
  const values = elementsOf(element).map((argument, index) =>
    isFlag(index) ? isTrue(argument) : argumentOf(argument),
  );
  const login = passwordCallOf(method, values);
  const known = values.slice(0, argumentsOf(method)?.length);
  return { login, body: Buffer.from(written(is12 ? ENVELOPE_12 : ENVELOPE, element, known)) };
}

/**
 * The first argument of any other call, which is the session; undefined without one. Throws `BadCall` when what was
 * read does not hold it.
 */
export function sessionOf({ element }: SoapCall): string | undefined {
  const [first] = elementsOf(element);
  if (!(first ?? element).isClosed) throw new BadCall('a call that begins with no session');
  return (first && argumentOf(first)) ?? undefined;
}

function written(uri: string, call: XmlElement, values: readonly Argument[]): string {
  const parts = values.map((value, index) => {
    const type = typeof value === 'boolean' ? 'boolean' : 'string';
    return `<param${index} xsi:type="xsd:${type}">${escapeXml(String(value ?? ''))}</param${index}>`;
  });
  const names = `xmlns:e="${uri}" xmlns:c="${escapeXml(call.uri || 'urn:none')}" xmlns:xsd="${SCHEMA}" xmlns:xsi="${SCHEMA}-instance"`;
  return `<e:Envelope ${names}><e:Body><c:${call.local}>${parts.join('')}</c:${call.local}></e:Body></e:Envelope>`;
}
