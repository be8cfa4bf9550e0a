import type { DataSource } from 'typeorm';
import { DEMO_MAIL_USERS, DEMO_USERS } from '../demo-accounts.js';
import { hashPassword } from '../passwords.js';
import { PanelMailUser } from './panel-mail-user.js';
import { PanelUser } from './panel-user.js';

/** Creates the accounts of the demo in a database that has no users yet. */
export async function seed(database: DataSource): Promise<void> {
  if ((await database.getRepository(PanelUser).count()) > 0) return;
  const users = DEMO_USERS.map(async (user) => ({
    ...user,
    password: await hashPassword(user.password),
    language: 'en',
    active: true,
  }));
  const mailUsers = DEMO_MAIL_USERS.map(async (mailUser) => ({
    ...mailUser,
    password: await hashPassword(mailUser.password),
    language: null,
  }));
  // Users last: they are what the next start looks for.
  await database.getRepository(PanelMailUser).save(await Promise.all(mailUsers));
  await database.getRepository(PanelUser).save(await Promise.all(users));
}
