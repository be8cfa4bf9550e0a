import { type Answer, escapeHtml, html, json } from './answer.js';
import { queryOf } from './path.js';
import { type Call, RemoteFault, remoteMethods } from './remote-api.js';
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

/** `/remote/index.php`: RPC-style SOAP, arguments by their order. */
export async function remoteSoap(visit: Visit): Promise<Answer> {
  if (visit.request.method !== 'POST') return html('');
  const body = visit.request.body.toString('utf8');
  const found = /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?\1>/.exec(body);
  const [, name = '', inside = ''] = found ?? [];
  const method = Object.hasOwn(remoteMethods, name) ? remoteMethods[name] : undefined;
  if (!found) return soap(fault('SOAP-ENV:Client', 'Bad Request'), 500);
  if (!method) return soap(fault('invalid_method', `Method ${name} does not exist`), 500);
  const values = [...inside.matchAll(/<([\w:-]+)[^>]*>([^<]*)<\/\1>/g)].map((match) =>
    unescapeXml(match[2] ?? ''),
  );
  const call = Object.fromEntries(method.names.map((key, index) => [key, values[index]]));
  try {
    const result = await method.run(visit, call);
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    return soap(`<ns1:${name}Response><return>${escapeHtml(text)}</return></ns1:${name}Response>`, 200);
  } catch (error) {
    if (!(error instanceof RemoteFault)) throw error;
    return soap(fault('login_failed', error.message), 500);
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

function soap(inside: string, status: number): Answer {
  const namespace =
    'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="/remote/index.php"';
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
