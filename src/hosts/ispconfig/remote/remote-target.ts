import type { Context } from 'koa';
import { BadCall } from './bad-call.js';
import { argumentsOf } from './password-call.js';

const FOLDER = '/remote';
const JSON_PATH = '/remote/json.php';
/** The web server leads all of them to one file; without its slash by a redirect, which not every client follows. */
const SOAP_PATHS = [FOLDER, `${FOLDER}/`, `${FOLDER}/index.php`];

export function isSoap(path: string): boolean {
  return SOAP_PATHS.includes(path);
}

/** Is it an API whose calls are read here? */
export function isReadApi(path: string): boolean {
  return isSoap(path) || path === JSON_PATH;
}

/** Clients ask for it where they are told to, and go on without it when the panel has none. */
export function asksForDescription({ method, path, querystring }: Context): boolean {
  return method === 'GET' && isSoap(path) && /^wsdl$/i.test(querystring);
}

/**
 * The method of a call of json.php: the first name in the query. What follows is the caller's own as long as nobody
 * could take it for the method. Throws
 * `BadCall`.
 */
export function jsonMethodOf({ querystring }: Context): string {
  const [first = '', ...more] = querystring.replace(/&+$/, '').split('&');
  const [, method] = /^([A-Za-z][A-Za-z0-9_]{0,63})(?:=.*)?$/.exec(first) ?? [];
  if (!method) throw new BadCall('a query that is no method');
  if (!more.every(isNoMethod)) throw new BadCall('a query with two methods');
  return method;
}

export function jsonTargetOf(method: string): string {
  return `${JSON_PATH}?${method}`;
}

/** Where the panel gets a SOAP call: at the folder's own address. Throws `BadCall` for a query that names a method. */
export function soapTargetOf({ path, querystring }: Context): string {
  const file = path === FOLDER ? `${FOLDER}/` : path;
  if (querystring === '') return file;
  if (!querystring.split('&').every((part) => /^wsdl$/i.test(part) || isNoMethod(part)))
    throw new BadCall('a query with a method');
  return `${file}?${querystring}`;
}

function isNoMethod(part: string): boolean {
  const [, name] = /^([A-Za-z0-9_.~-]+)=/.exec(part) ?? [];
  return name !== undefined && !argumentsOf(name);
}
