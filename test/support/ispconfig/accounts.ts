import { hashPassword } from './passwords.js';

/** One who can log in at the stand-in. */
export interface PanelAccount {
  /** `userid`, or for a mailbox `mailuser_id`; mailboxes have the same numbers as users on purpose. */
  readonly id: number;
  readonly name: string;
  readonly password: string;
}

const box = 'mbox@example.test';

/** Everybody of the stand-in, each with another kind of stored password. */
export const accounts = {
  admin: { id: 1, name: 'admin', password: 'admin-Passw0rd!' },
  reseller1: { id: 2, name: 'reseller1', password: 'reseller-Passw0rd!' },
  client1: { id: 3, name: 'client1', password: 'client-Passw0rd!' },
  /** Owned by reseller1. */
  client2: { id: 4, name: 'client2', password: 'client-Passw0rd!' },
  /** Has no Tools module. */
  client3: { id: 5, name: 'client3', password: 'client-Passw0rd!' },
  mbox: { id: 1, name: box, password: 'mbox-Passw0rd!' },
  second: { id: 2, name: 'second@example.test', password: 'second-Passw0rd!' },
  apiuser: { id: 1, name: 'apiuser', password: 'api-Passw0rd!' },
} as const satisfies Record<string, PanelAccount>;

/** The rows of {@link accounts}, their clients and groups. */
export async function rowsOf(): Promise<string> {
  const salt = '0123456789abcdef';
  const [admin, reseller1, client1, client2, client3, mbox, second, remote] = await Promise.all([
    hashPassword(accounts.admin.password, `$6$rounds=5000$${salt}$`),
    hashPassword(accounts.reseller1.password, `$5$${salt}$`),
    hashPassword(accounts.client1.password, `$6$rounds=5000$fedcba9876543210$`),
    hashPassword(accounts.client2.password, '$1$abcdefgh$'),
    hashPassword(accounts.client3.password, 'md5'),
    hashPassword(accounts.mbox.password, `$6$rounds=5000$${salt}$`),
    hashPassword(accounts.second.password, '$2y$10$abcdefghijklmnopqrstuu'),
    hashPassword(accounts.apiuser.password, `$6$rounds=5000$${salt}$`),
  ]);
  const modules = 'dashboard,mail,sites,dns,tools,help';
  return `
INSERT INTO client (client_id, username, password, email, contact_name, limit_client, parent_client_id) VALUES
  (1, 'reseller1', '${reseller1}', 'reseller1@example.org', 'Rita Reseller', 5, 0),
  (2, 'client1', '${client1}', 'client1@example.org', 'Carl One', 0, 0),
  (3, 'client2', '${client2}', 'client2@example.org', 'Clara Two', 0, 1),
  (4, 'client3', '${client3}', 'client3@example.org', 'Cem Three', 0, 0);
INSERT INTO sys_group (groupid, name, client_id) VALUES
  (1, 'admin', 0), (2, 'reseller1', 1), (3, 'client1', 2), (4, 'client2', 3), (5, 'client3', 4);
INSERT INTO sys_user (userid, username, passwort, modules, startmodule, typ, \`groups\`, default_group, client_id) VALUES
  (1, 'admin', '${admin}', 'dashboard,admin,client,mail,sites,dns,monitor,tools,help', 'dashboard', 'admin', '1', 1, 0),
  (2, 'reseller1', '${reseller1}', 'client,${modules}', 'dashboard', 'user', '2,4', 2, 1),
  (3, 'client1', '${client1}', '${modules}', 'dashboard', 'user', '3', 3, 2),
  (4, 'client2', '${client2}', '${modules}', 'dashboard', 'user', '4', 4, 3),
  (5, 'client3', '${client3}', 'dashboard,mail,help', 'dashboard', 'user', '5', 5, 4);
INSERT INTO mail_user (mailuser_id, sys_groupid, email, login, password, name) VALUES
  (1, 3, '${box}', '${box}', '${mbox}', 'M Box'),
  (2, 3, '${accounts.second.name}', '${accounts.second.name}', '${second}', 'Second');
INSERT INTO remote_user (remote_username, remote_password, remote_ips) VALUES ('apiuser', '${remote}', '');`;
}
