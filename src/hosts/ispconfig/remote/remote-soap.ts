import { BadCall } from './remote-body.js';
import type { CheckedCall } from './remote-json.js';
import { clientLoginOf, isTruthy } from './remote-policy.js';
import { elementsOf, escapeXml, readXml, textOf, writeXml, type XmlElement } from './xml-tree.js';

const ENVELOPES = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];
const SCHEMA = 'http://www.w3.org/2001/XMLSchema';
const INSTANCE = `${SCHEMA}-instance`;
/** Types whose text is the value; base64Binary and hexBinary would hide a name. */
const PLAIN_TYPES = ['string', 'boolean', 'int', 'integer'];

/**
 * Reads a call of the SOAP API: an envelope with one call and no headers, which PHP would call as well. A login is
 * written anew from what was understood, so that no type or reference means something else to PHP. Throws
 * `BadCall` for any other.
 */
export function readSoapCall(text: string): CheckedCall {
  const envelope = readXml(text);
  const call = callOf(envelope);
  const takesPassword = ['login', 'client_login_get'].includes(call.local.toLowerCase());
  const values = takesPassword ? elementsOf(call).map(argumentOf) : [];
  const login = clientLoginOf(call.local, values);
  if (login === false) throw new BadCall('a login whose name is no text');
  return { login, body: takesPassword ? loginCall(envelope.uri, call, values) : writeXml(envelope) };
}

/** A SOAP 1.1 fault, as PHP's server writes them. */
export function soapFault(message: string): string {
  const fault = `<faultcode>remote_fault</faultcode><faultstring>${escapeXml(message)}</faultstring>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="${ENVELOPES[0]}"><SOAP-ENV:Body><SOAP-ENV:Fault>${fault}</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

function callOf(envelope: XmlElement): XmlElement {
  const isSoap = ({ uri }: XmlElement) => uri === envelope.uri;
  if (envelope.local !== 'Envelope' || !ENVELOPES.includes(envelope.uri))
    throw new BadCall('no SOAP envelope');
  const parts = elementsOf(envelope);
  const body = parts.at(-1);
  const header = parts.length === 2 ? parts[0] : undefined;
  if (parts.length > 2 || body?.local !== 'Body' || !isSoap(body))
    throw new BadCall('an envelope of other parts');
  if (header && (header.local !== 'Header' || elementsOf(header).length > 0))
    throw new BadCall('SOAP headers');
  const [call, ...more] = elementsOf(body);
  if (!call || more.length > 0) throw new BadCall('not one call');
  if (refers(envelope)) throw new BadCall('a reference');
  // PHP would call its handler's own `__call`, which calls anything.
  if (!/^[a-z]/i.test(call.local)) throw new BadCall('a method of PHP itself');
  return call;
}

/** With a reference the value of an argument stands somewhere else. */
function refers(element: XmlElement): boolean {
  return (
    element.attributes.some(({ local }) => local === 'href' || local === 'ref') ||
    elementsOf(element).some(refers)
  );
}

function argumentOf(argument: XmlElement): string | boolean | null {
  const own = (name: string) =>
    argument.attributes.find(({ local, uri }) => local === name && uri === INSTANCE)?.value;
  const type = own('type')?.split(':').at(-1)?.trim() ?? 'string';
  if (['true', '1'].includes(own('nil')?.trim() ?? '')) return null;
  if (!PLAIN_TYPES.includes(type) || elementsOf(argument).length > 0)
    throw new BadCall('an argument that is no text');
  const text = textOf(argument);
  return type === 'boolean' ? ['true', '1'].includes(text.trim()) : text;
}

function loginCall(uri: string, call: XmlElement, values: readonly (string | boolean | null)[]): string {
  const isLogin = call.local.toLowerCase() === 'login';
  const parts = values.map((value, index) => {
    if (isLogin && index === 2) return `<param2 xsi:type="xsd:boolean">${isTruthy(value)}</param2>`;
    return `<param${index} xsi:type="xsd:string">${escapeXml(String(value ?? ''))}</param${index}>`;
  });
  const names = `xmlns:e="${uri}" xmlns:c="${escapeXml(call.uri || 'urn:none')}" xmlns:xsd="${SCHEMA}" xmlns:xsi="${INSTANCE}"`;
  return `<e:Envelope ${names}><e:Body><c:${call.local}>${parts.join('')}</c:${call.local}></e:Body></e:Envelope>`;
}
