import { randomBytes } from 'node:crypto';
import { shippedGrants } from '../../support/ispconfig/schema.js';
import { type MariaDb, startMariaDb } from '../../support/mariadb.js';
import { type Php, session } from './php-session.js';

/** The tables of a panel as far as the host may read them, with the people of the tests. */
const TABLES = `
CREATE DATABASE dbispconfig CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci; USE dbispconfig;
CREATE TABLE sys_session (session_id VARCHAR(64) NOT NULL PRIMARY KEY, date_created DATETIME, last_updated DATETIME,
  permanent ENUM('n','y') NOT NULL DEFAULT 'n', session_data LONGTEXT);
CREATE TABLE sys_config (\`group\` VARCHAR(64) NOT NULL DEFAULT '', name VARCHAR(64) NOT NULL DEFAULT '', value VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (\`group\`, name));
CREATE TABLE sys_user (userid INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, username VARCHAR(64) NOT NULL DEFAULT '',
  passwort VARCHAR(200) NOT NULL DEFAULT '', modules VARCHAR(255) NOT NULL DEFAULT 'dashboard,tools', typ VARCHAR(16) NOT NULL DEFAULT 'user',
  active TINYINT NOT NULL DEFAULT 1, language VARCHAR(2) NOT NULL DEFAULT 'en', \`groups\` TEXT NOT NULL DEFAULT '',
  default_group INT UNSIGNED NOT NULL DEFAULT 0, client_id INT UNSIGNED NOT NULL DEFAULT 0, id_rsa VARCHAR(2000) NOT NULL DEFAULT '');
CREATE TABLE client (client_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, username VARCHAR(64), password VARCHAR(200), email VARCHAR(255),
  contact_name VARCHAR(64), limit_client INT NOT NULL DEFAULT 0, parent_client_id INT UNSIGNED NOT NULL DEFAULT 0,
  locked ENUM('n','y') NOT NULL DEFAULT 'n');
CREATE TABLE sys_group (groupid INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL DEFAULT '', client_id INT UNSIGNED NOT NULL DEFAULT 0);
CREATE TABLE mail_user (mailuser_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, sys_groupid INT UNSIGNED NOT NULL DEFAULT 0,
  email VARCHAR(255) NOT NULL DEFAULT '', login VARCHAR(255) NOT NULL DEFAULT '', password VARCHAR(255) NOT NULL DEFAULT '');
CREATE TABLE remote_session (remote_session VARCHAR(64) NOT NULL PRIMARY KEY, remote_userid INT UNSIGNED NOT NULL DEFAULT 0,
  remote_functions TEXT, client_login TINYINT UNSIGNED NOT NULL DEFAULT 0, tstamp INT UNSIGNED NOT NULL DEFAULT 0, remote_ip VARCHAR(39) NOT NULL DEFAULT '');
`;

/** openssl passwd -6 -salt abcdefgh right-password */
export const PASSWORD = 'right-password';
const HASH =
  '$6$abcdefgh$A/SJLIPfLNNLVwEmXUzyjgCdGbrUNtUla8salhgcomRtw4QgVML5NxOfTycYNIjJIZtdseV3MQgmwU0L6B40j.';

const PEOPLE = `
INSERT INTO client (client_id, username, email, password, limit_client, parent_client_id) VALUES
  (1, 'reseller1', 'reseller1@example.org', '${HASH}', 100, 0), (2, 'client1', 'client1@example.org', '${HASH}', 0, 0),
  (3, 'client2', 'client2@example.org', '${HASH}', 0, 1);
INSERT INTO sys_user (userid, username, typ, active, language, default_group, client_id, passwort) VALUES
  (1, 'admin', 'admin', 1, 'en', 1, 0, '${HASH}'), (2, 'reseller1', 'user', 1, 'de', 2, 1, '${HASH}'),
  (3, 'client1', 'user', 1, 'cz', 3, 2, '${HASH}'), (4, 'client2', 'user', 1, 'br', 4, 3, '5f4dcc3b5aa765d61d8327deb882cf99'),
  (5, 'blocked', 'user', 0, 'en', 5, 0, '${HASH}'), (6, 'oldadmin', 'admin', 0, 'en', 1, 0, '${HASH}'), (7, 'a_b%c', 'user', 1, 'en', 7, 0, '');
UPDATE sys_user SET \`groups\` = default_group; UPDATE sys_user SET \`groups\` = '2,4' WHERE userid = 2;
INSERT INTO sys_group (groupid, name, client_id) VALUES (1, 'admin', 0), (2, 'reseller1', 1), (3, 'client1', 2), (4, 'client2', 3);
INSERT INTO mail_user (mailuser_id, sys_groupid, email, login, password) VALUES
  (1, 3, 'mbox@example.test', 'mbox@example.test', '${HASH}'), (3, 99, 'orphan@example.test', 'other@example.test', '5f4dcc3b5aa765d61d8327deb882cf99');
`;

export interface PanelTables {
  readonly server: MariaDb;
  /** As the operator gives it to the gateway. */
  readonly url: string;
  /** Stores a session under a new id. */
  open(variables: Readonly<Record<string, Php>>, id?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startPanelTables(): Promise<PanelTables> {
  const server = await startMariaDb();
  await server.execute(TABLES + shippedGrants('dbispconfig', 'twofa-secret') + PEOPLE);
  return {
    server,
    url: server.url('twofa', 'twofa-secret', 'dbispconfig'),
    open: async (variables, id = `s${randomBytes(12).toString('hex')}`) => {
      const data = Buffer.from(session(variables)).toString('hex');
      await server.execute(
        `INSERT INTO dbispconfig.sys_session VALUES ('${id}', '2026-11-24 10:00:00', NOW(), 'n', X'${data}')`,
      );
      return id;
    },
    stop: () => server.stop(),
  };
}
