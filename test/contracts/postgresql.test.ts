import { after } from 'node:test';
import { openDataSource, openForReading } from '../../src/storage/data-source.js';
import { manifestSchema } from '../storage/sqlite.js';
import { newAuthority } from '../support/authority.js';
import { startPostgreSql } from '../support/postgresql.js';
import { databaseContracts } from './database-contracts.js';
import { tlsCases } from './tls-cases.js';

const authority = newAuthority();
const server = await startPostgreSql({ authority });
const { ca, client } = authority;
const tls = (host: string, query: string | undefined) =>
  `postgres://postgres@${host}:${server.port}/postgres${query ? `?${query}` : ''}`;
const socket = `${server.socketFolder}/.s.PGSQL.${server.port}`;
const nodes = [
  await openDataSource(
    tls('127.0.0.1', `ca=${ca}&cert=${client.cert}&key=${client.key}`),
    await manifestSchema(),
  ),
  await openDataSource(`postgres://postgres@/postgres?socket=${socket}`, await manifestSchema()),
];
after(async () => {
  await Promise.all(nodes.map((node) => node.destroy()));
  await server.stop();
});

databaseContracts('PostgreSQL', nodes);

tlsCases('PostgreSQL', authority, async (host, query) => {
  const node = await openForReading(tls(host, query), await manifestSchema());
  await node.destroy();
});
