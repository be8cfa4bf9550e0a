import { after } from 'node:test';
import { openDataSource } from '../../src/storage/data-source.js';
import { manifestSchema } from '../storage/sqlite.js';
import { startPostgreSql } from '../support/postgresql.js';
import { databaseContracts } from './database-contracts.js';

const server = await startPostgreSql();
const nodes = [
  await openDataSource(server.url, await manifestSchema()),
  await openDataSource(server.url, await manifestSchema()),
];
after(async () => {
  await Promise.all(nodes.map((node) => node.destroy()));
  await server.stop();
});

databaseContracts('PostgreSQL', nodes);
