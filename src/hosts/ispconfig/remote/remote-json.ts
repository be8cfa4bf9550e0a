import { visit } from 'jsonc-parser';
import { BadCall } from './remote-body.js';
import { type ClientLogin, clientLoginOf } from './remote-policy.js';

/** The names of the arguments, in the order of the methods that take a password. */
const ARGUMENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['login', ['username', 'password', 'client_login']],
  ['client_login_get', ['session_id', 'username', 'password']],
]);

export interface CheckedCall {
  readonly login: ClientLogin | undefined;
  /** The call as it was understood. */
  readonly body: string;
}

/** Reads a call of json.php: one object of JSON without a name twice. Throws `BadCall` for any other. */
export function readJsonCall(method: string, text: string): CheckedCall {
  const call = parse(text);
  const names = ARGUMENTS.get(method.toLowerCase()) ?? [];
  const login = clientLoginOf(
    method,
    names.map((name) => (Object.hasOwn(call, name) ? call[name] : undefined)),
  );
  if (login === false) throw new BadCall('a login whose name is no text');
  return { login, body: JSON.stringify(call) };
}

/** An answer in the words of json.php. */
export function jsonFault(message: string): string {
  return JSON.stringify({ code: 'remote_fault', message, response: false });
}

function parse(text: string): Record<string, unknown> {
  requireSingleNames(text);
  let call: unknown;
  try {
    call = JSON.parse(text);
  } catch {
    throw new BadCall('a call that is no JSON');
  }
  if (typeof call !== 'object' || call === null || Array.isArray(call))
    throw new BadCall('a call without names');
  return call as Record<string, unknown>;
}

/** PHP and this parser would both take the last of two, but a third reader between them need not. */
function requireSingleNames(text: string): void {
  const objects: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Set()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (name) => {
        const names = objects.at(-1);
        if (names?.has(name)) throw new BadCall('a name twice');
        names?.add(name);
      },
      onLiteralValue: (value) => {
        if (Number.isInteger(value) && !Number.isSafeInteger(value))
          throw new BadCall('a number out of range');
      },
      onError: () => {
        throw new BadCall('a call that is no JSON');
      },
    },
    { disallowComments: true },
  );
}
