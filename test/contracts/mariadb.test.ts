import { after } from 'node:test';
import { openDataSource } from '../../src/storage/data-source.js';
import { manifestSchema } from '../storage/sqlite.js';
import { startMariaDb } from '../support/mariadb.js';
import { databaseContracts } from './database-contracts.js';

const server = await startMariaDb();
await server.execute("CREATE DATABASE twofa; CREATE USER twofa@'127.0.0.1' IDENTIFIED BY 'secret'");
await server.execute("GRANT ALL ON twofa.* TO twofa@'127.0.0.1'");
const url = server.url('twofa', 'secret', 'twofa');
const nodes = [
  await openDataSource(url, await manifestSchema()),
  await openDataSource(url, await manifestSchema()),
];
after(async () => {
  await Promise.all(nodes.map((node) => node.destroy()));
  await server.stop();
});

databaseContracts('MariaDB', nodes);
