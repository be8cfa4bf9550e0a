-- The columns of the panel's database that the gateway may read. Choose your own password and run this as MariaDB's root.
CREATE USER 'twofa'@'127.0.0.1' IDENTIFIED BY 'write-a-password-here';
GRANT SELECT (session_id, date_created, last_updated, permanent, session_data) ON dbispconfig.sys_session TO 'twofa'@'127.0.0.1';
GRANT SELECT (`group`, name, value) ON dbispconfig.sys_config TO 'twofa'@'127.0.0.1';
GRANT SELECT (userid, username, passwort, typ, active, language, modules, `groups`, default_group, client_id) ON dbispconfig.sys_user TO 'twofa'@'127.0.0.1';
GRANT SELECT (mailuser_id, email, password, sys_groupid) ON dbispconfig.mail_user TO 'twofa'@'127.0.0.1';
GRANT SELECT (client_id, email, password, limit_client, parent_client_id) ON dbispconfig.client TO 'twofa'@'127.0.0.1';
GRANT SELECT (groupid) ON dbispconfig.sys_group TO 'twofa'@'127.0.0.1';
GRANT SELECT (remote_session, remote_userid, client_login) ON dbispconfig.remote_session TO 'twofa'@'127.0.0.1';

-- If you want, and your ISPConfig has TOTP: its users may take their key over into 2FA without scanning again. These columns
-- hold the keys unencrypted, so whoever can read the database as this user can make codes for TOTP. Restart the gateway after it.
-- GRANT SELECT (otp_type, otp_data) ON dbispconfig.sys_user TO 'twofa'@'127.0.0.1';
