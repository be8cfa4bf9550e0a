/** Somebody with an account of the demo panel, with the password that is printed at its start. */
export interface Person {
  readonly name: string;
  readonly password: string;
  readonly realm: 'user' | 'mailuser';
  /** Of his account in its realm. */
  readonly id: string;
}

export const admin: Person = { name: 'admin', password: 'admin-demo', realm: 'user', id: '1' };
export const reseller1: Person = { name: 'reseller1', password: 'reseller1-demo', realm: 'user', id: '2' };
export const client1: Person = { name: 'client1', password: 'client1-demo', realm: 'user', id: '3' };
export const client2: Person = { name: 'client2', password: 'client2-demo', realm: 'user', id: '4' };
export const mbox: Person = {
  name: 'mbox@example.test',
  password: 'mbox-demo',
  realm: 'mailuser',
  id: '1',
};
/** Has the id of client1. */
export const second: Person = {
  name: 'second@example.test',
  password: 'second-demo',
  realm: 'mailuser',
  id: '3',
};

export const everybody: readonly Person[] = [admin, reseller1, client1, client2, mbox, second];

/** Where the slot stands. */
export function settingsPath({ realm }: Person): string {
  return realm === 'user' ? '/tools/user_settings' : '/mailuser/password';
}
