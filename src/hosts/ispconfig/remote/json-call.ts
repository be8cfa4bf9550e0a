import { BadCall } from './bad-call.js';
import { JsonNames } from './json-names.js';
import { type Argument, argumentsOf, type PasswordCall, passwordCallOf } from './password-call.js';

/** A login as it was understood, and written anew so that nobody understands anything else. */
export interface ReadLogin {
  readonly login: PasswordCall;
  readonly body: Buffer;
}

/** Reads a login of json.php: one object of JSON without an argument twice. Throws `BadCall` for any other. */
export function readJsonLogin(method: string, body: Buffer): ReadLogin {
  const names = argumentsOf(method) ?? [];
  const scan = new JsonNames(names);
  scan.write(body);
  if (!scan.isOver) throw new BadCall('a call that is cut off');
  const given = parsed(body);
  const values = names.map((name) => argumentOf(name, Object.hasOwn(given, name) ? given[name] : undefined));
  const login = passwordCallOf(method, values);
  const written = names.flatMap((name, index) =>
    values[index] === undefined ? [] : [[name, values[index]]],
  );
  return { login, body: Buffer.from(JSON.stringify(Object.fromEntries(written))) };
}

/** An answer in the words of json.php. */
export function jsonFault(message: string): string {
  return JSON.stringify({ code: 'remote_fault', message, response: false });
}

/** A number becomes the text that PHP makes of it; the flag becomes what PHP takes it for. */
function argumentOf(name: string, value: unknown): Argument {
  if (name === 'client_login') return value === undefined ? undefined : isTruthy(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (value === undefined || value === null || typeof value === 'string') return value;
  throw new BadCall('an argument that is no text');
}

/** PHP's `== true`: an object is a list to it, and an empty list is false. */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== '0' && Boolean(value);
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new BadCall('a call that is no JSON');
  }
}
