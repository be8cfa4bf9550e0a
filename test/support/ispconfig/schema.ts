import { readFileSync } from 'node:fs';
import { inProject } from '../project.js';

export interface Columns {
  /** The panel's own second factors, `none` among them; no columns without one. */
  readonly otpKinds: readonly string[];
  /** Of 3.3. */
  readonly passwordDates: boolean;
}

/** The tables of the panel as far as the gateway or the stand-in reads them. */
export function tablesOf({ otpKinds, passwordDates }: Columns): string {
  return `
CREATE TABLE sys_user (
  userid INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  sys_userid INT UNSIGNED NOT NULL DEFAULT 1, sys_groupid INT UNSIGNED NOT NULL DEFAULT 1,
  username VARCHAR(64) NOT NULL DEFAULT '', passwort VARCHAR(200) NOT NULL DEFAULT '',
  modules VARCHAR(255) NOT NULL DEFAULT '', startmodule VARCHAR(255) NOT NULL DEFAULT '',
  app_theme VARCHAR(32) NOT NULL DEFAULT 'default', typ VARCHAR(16) NOT NULL DEFAULT 'user',
  active TINYINT NOT NULL DEFAULT 1, language VARCHAR(2) NOT NULL DEFAULT 'en', \`groups\` TEXT,
  default_group INT UNSIGNED NOT NULL DEFAULT 0, client_id INT UNSIGNED NOT NULL DEFAULT 0,
  lost_password_function TINYINT NOT NULL DEFAULT 1, lost_password_hash VARCHAR(50) NOT NULL DEFAULT '',
  lost_password_reqtime DATETIME NULL ${otpKinds.length > 0 ? otpColumns(otpKinds) : ''} ${passwordDates ? passwordDate : ''});
CREATE TABLE mail_user (
  mailuser_id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  sys_userid INT UNSIGNED NOT NULL DEFAULT 0, sys_groupid INT UNSIGNED NOT NULL DEFAULT 0,
  server_id INT UNSIGNED NOT NULL DEFAULT 1, email VARCHAR(255) NOT NULL DEFAULT '',
  login VARCHAR(255) NOT NULL, password VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL DEFAULT '',
  postfix ENUM('n','y') NOT NULL DEFAULT 'y', access ENUM('n','y') NOT NULL DEFAULT 'y');
CREATE TABLE sys_session (
  session_id VARCHAR(64) NOT NULL DEFAULT '' PRIMARY KEY, date_created DATETIME NULL, last_updated DATETIME NULL,
  permanent ENUM('n','y') NOT NULL DEFAULT 'n', session_data LONGTEXT);
CREATE TABLE client (
  client_id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, username VARCHAR(64), password VARCHAR(200),
  email VARCHAR(255), contact_name VARCHAR(255), limit_client INT NOT NULL DEFAULT 0,
  parent_client_id INT UNSIGNED NOT NULL DEFAULT 0, locked ENUM('n','y') NOT NULL DEFAULT 'n',
  canceled ENUM('n','y') NOT NULL DEFAULT 'n', can_use_api ENUM('n','y') NOT NULL DEFAULT 'n',
  language CHAR(2) NOT NULL DEFAULT 'en');
CREATE TABLE sys_group (
  groupid INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL DEFAULT '',
  client_id INT UNSIGNED NOT NULL DEFAULT 0);
CREATE TABLE sys_config (
  \`group\` VARCHAR(64) NOT NULL DEFAULT '', name VARCHAR(64) NOT NULL DEFAULT '', value VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (\`group\`, name));
INSERT INTO sys_config VALUES ('db', 'db_version', '3.2.12');
CREATE TABLE attempts_login (
  ip VARCHAR(39) NOT NULL, times INT NOT NULL DEFAULT 1,
  login_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE remote_user (
  remote_userid INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, remote_username VARCHAR(64) NOT NULL,
  remote_password VARCHAR(200) NOT NULL, remote_access ENUM('y','n') NOT NULL DEFAULT 'y', remote_ips TEXT);
CREATE TABLE remote_session (
  remote_session VARCHAR(64) NOT NULL PRIMARY KEY, remote_userid INT UNSIGNED NOT NULL DEFAULT 0,
  client_login TINYINT NOT NULL DEFAULT 0, remote_ip VARCHAR(45) NOT NULL, tstamp INT UNSIGNED NOT NULL);`;
}

const passwordDate = ', last_password_change DATE NULL DEFAULT (CURDATE())';

const otpColumns = (kinds: readonly string[]) => `,
  otp_type SET(${kinds.map((kind) => `'${kind}'`).join(',')}) NOT NULL DEFAULT 'none', otp_data VARCHAR(255) NULL,
  otp_recovery VARCHAR(64) NULL, otp_attempts TINYINT NOT NULL DEFAULT 0`;

const GRANTS = readFileSync(inProject('deploy/ispconfig-grants.sql'), 'utf8');

/** What an operator may run beside {@link shippedGrants}. */
export function optionalGrants(database: string): string {
  const lines = GRANTS.split('\n').filter((line) => line.startsWith('-- GRANT '));
  return lines.map((line) => line.slice(3).replaceAll('dbispconfig.', `${database}.`)).join('\n');
}

/** What the operator is told to run for the gateway's user `twofa`, with this password and for this database. */
export function shippedGrants(database: string, password: string): string {
  return GRANTS.replace('write-a-password-here', password)
    .replace('CREATE USER', 'CREATE USER IF NOT EXISTS')
    .replaceAll('dbispconfig.', `${database}.`);
}
