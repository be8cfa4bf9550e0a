import { BadCall } from './bad-call.js';

/** A value of an argument as the panel would get it; a number or a text of a type stands as text. */
export type Argument = string | boolean | null | undefined;

/** A call of the API that takes a password. */
export interface PasswordCall {
  readonly method: 'login' | 'client_login_get';
  readonly username: string;
  readonly password: string;
  /** Is it the password of a user of the panel, or of a user of the API alone? */
  readonly ofClient: boolean;
  /** Of the caller, who asks for a third party. */
  readonly sessionId?: string;
}

/** The names of the arguments, in the order of the methods that take a password. */
const ARGUMENTS = {
  login: ['username', 'password', 'client_login'],
  client_login_get: ['session_id', 'username', 'password', 'remote_ip'],
} as const;

/** The arguments of a method that takes a password; undefined for every other. */
export function argumentsOf(method: string): readonly string[] | undefined {
  const name = method.toLowerCase();
  return isPasswordMethod(name) ? ARGUMENTS[name] : undefined;
}

/** The call with these arguments, in the order of the method. Throws `BadCall` when a text is none. */
export function passwordCallOf(method: string, values: readonly Argument[]): PasswordCall {
  const name = method.toLowerCase();
  if (!isPasswordMethod(name)) throw new Error(`${name} takes no password`);
  const text = (argument: string) => {
    const value = values[(ARGUMENTS[name] as readonly string[]).indexOf(argument)] ?? '';
    if (typeof value !== 'string') throw new BadCall('an argument that is no text');
    return value;
  };
  const who = { username: text('username'), password: text('password') };
  if (name === 'login') return { method: name, ...who, ofClient: isTruthy(values[2]) };
  return { method: name, ...who, ofClient: true, sessionId: text('session_id') };
}

function isPasswordMethod(name: string): name is PasswordCall['method'] {
  return Object.hasOwn(ARGUMENTS, name);
}

/** PHP's `== true`, of a text. */
function isTruthy(value: Argument): boolean {
  return value !== undefined && value !== null && value !== false && value !== '' && value !== '0';
}
