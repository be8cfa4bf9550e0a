/**
 * A program that runs inside of a machine of the tests: the stand-in for the panel, on a unix socket, with its database
 * in the machine's own MariaDB.
 */
import { chmodSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { createPanelDatabase } from '../support/ispconfig/database.js';
import { startIspconfig } from '../support/ispconfig/panel.js';

const [, , socket = ''] = process.argv;
const mysqld = '/run/mysqld/mysqld.sock';

const database = await createPanelDatabase({
  socket: mysqld,
  url: (user, password, name) => `mysql://${user}:${password}@127.0.0.1:3306/${name}`,
  execute: async (sql) => {
    const root = await createConnection({ socketPath: mysqld, user: 'root', multipleStatements: true });
    await root.query(sql);
    await root.end();
    return [];
  },
});
// The password of deploy/gateway.json.
await database.query("ALTER USER 'twofa'@'127.0.0.1' IDENTIFIED BY 'secret'");
await startIspconfig({ database, listen: socket, trustRealIp: true });
chmodSync(socket, 0o666);
console.log('the panel listens');
