import { gunzipSync, inflateSync } from 'node:zlib';
import { type Answer, escapeHtml, html, json } from './answer.js';
import { queryOf } from './path.js';
import { type Call, RemoteFault, remoteMethods } from './remote-api.js';
import { headerOf } from './request.js';
import type { Visit } from './visit.js';

/** `/remote/json.php?METHOD`. */
export async function remoteJson(visit: Visit): Promise<Answer> {
  const name = queryOf(visit.request.target).split(/[&=]/)[0] ?? '';
  const answer = (code: string, message: string, response: unknown) => json({ code, message, response });
  const call = parseJson(visit.request.body);
  const method = Object.hasOwn(remoteMethods, name) ? remoteMethods[name] : undefined;
  if (!method)
    return answer(
      'invalid_method',
      name === '' ? 'Method not provided in json call' : `Method ${name} does not exist`,
      false,
    );
  if (!call) return answer('invalid_data', 'The JSON data is not valid', false);
  try {
    return answer('ok', '', await method.run(visit, call));
  } catch (error) {
    if (!(error instanceof RemoteFault)) throw error;
    return answer('remote_fault', error.message, false);
  }
}

/** `/remote/index.php`: RPC-style SOAP of both versions, arguments by their order, compressed or not. */
export async function remoteSoap(visit: Visit): Promise<Answer> {
  const { request } = visit;
  const isDescription = request.method === 'GET' && queryOf(request.target).toLowerCase() === 'wsdl';
  if (isDescription) return soap('', fault('SOAP-ENV:Server', 'WSDL generation is not supported yet'), 500);
  if (request.body.length === 0) return html('');
  const body = unpacked(headerOf(request, 'content-encoding'), request.body).toString('utf8');
  const version = /http:\/\/www\.w3\.org\/2003\/05\/soap-envelope/.test(body) ? '12' : '';
  const found = /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?\1>/.exec(body);
  const [, name = '', inside = ''] = found ?? [];
  const method = Object.hasOwn(remoteMethods, name) ? remoteMethods[name] : undefined;
  if (!found) return soap(version, fault('SOAP-ENV:Client', 'Bad Request'), 500);
  if (!method) return soap(version, fault('invalid_method', `Method ${name} does not exist`), 500);
  const values = [...inside.matchAll(/<([\w:-]+)([^>]*)>([^<]*)<\/\1>/g)].map(
    ([, , attributes = '', text = '']) =>
      typedValue(/type="\w+:(\w+)"/.exec(attributes)?.[1], unescapeXml(text)),
  );
  const call = Object.fromEntries(method.names.map((key, index) => [key, values[index]]));
  try {
    const result = await method.run(visit, call);
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    const value = result === null ? '<return xsi:nil="true"/>' : `<return>${escapeHtml(text)}</return>`;
    return soap(version, `<ns1:${name}Response>${value}</ns1:${name}Response>`, 200);
  } catch (error) {
    if (!(error instanceof RemoteFault)) throw error;
    return soap(version, fault(error.code, error.message), 500);
  }
}

function unpacked(coding: string, body: Buffer): Buffer {
  if (coding === 'gzip') return gunzipSync(body);
  return coding === 'deflate' ? inflateSync(body) : body;
}

/** As PHP turns a typed argument into a value: a fraction loses the zeros at its end. */
function typedValue(type: string | undefined, text: string): unknown {
  switch (type) {
    case 'boolean':
      return ['true', '1'].includes(text);
    case 'int':
    case 'long':
    case 'float':
      return Number(text);
    case 'base64Binary':
      return Buffer.from(text, 'base64').toString();
    default:
      return text;
  }
}

function parseJson(body: Buffer): Call | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Call) : undefined;
  } catch {
    return undefined;
  }
}

function fault(code: string, text: string): string {
  return `<SOAP-ENV:Fault><faultcode>${code}</faultcode><faultstring>${escapeHtml(text)}</faultstring></SOAP-ENV:Fault>`;
}

function soap(version: string, inside: string, status: number): Answer {
  const envelope =
    version === '12'
      ? 'http://www.w3.org/2003/05/soap-envelope'
      : 'http://schemas.xmlsoap.org/soap/envelope/';
  const namespace = `xmlns:SOAP-ENV="${envelope}" xmlns:ns1="/remote/index.php" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope ${namespace}><SOAP-ENV:Body>${inside}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  return { ...html(body, status), headers: { 'content-type': 'text/xml; charset=utf-8' } };
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(
    /&(?:#(\d+)|(\w+));/g,
    (whole, code: string | undefined, name: string | undefined) =>
      code ? String.fromCodePoint(Number(code)) : (names[name ?? ''] ?? whole),
  );
}
