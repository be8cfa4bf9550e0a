import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { DataSource } from 'typeorm';
import { PanelDatabase } from '../../src/hosts/ispconfig/people/panel-database.js';
import { lookAtDatabase } from '../../src/operator/own-parts.js';
import { openDataSource, openForReading } from '../../src/storage/data-source.js';
import { DatabaseProof } from '../../src/storage/database-proof.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { manifestSchema } from '../storage/sqlite.js';
import { newAuthority } from '../support/authority.js';
import { startMariaDb } from '../support/mariadb.js';
import { databaseContracts } from './database-contracts.js';
import { RULE } from './factors.js';
import { tlsCases } from './tls-cases.js';

const authority = newAuthority();
const server = await startMariaDb({ authority });
await server.execute(`CREATE DATABASE twofa;
  CREATE USER twofa@'127.0.0.1' IDENTIFIED BY 'p%/@?#:' REQUIRE X509;
  CREATE USER twofa@localhost IDENTIFIED BY 'p%/@?#:';
  GRANT ALL ON twofa.* TO twofa@'127.0.0.1', twofa@localhost`);
const login = `twofa:${encodeURIComponent('p%/@?#:')}`;
const { ca, client } = authority;
const tls = (host: string, query: string | undefined) =>
  `mysql://${login}@${host}:${server.port}/twofa${query ? `?${query}` : ''}`;
const socketUrl = `mysql://${login}@/twofa?socket=${server.socket}`;
const nodes = [
  await openDataSource(
    tls('127.0.0.1', `ca=${ca}&cert=${client.cert}&key=${client.key}`),
    await manifestSchema(),
  ),
  await openDataSource(socketUrl, await manifestSchema()),
];
after(async () => {
  await Promise.all(nodes.map((node) => node.destroy()));
  await server.stop();
});

databaseContracts('MariaDB', nodes);

tlsCases('MariaDB', authority, async (host, query) => {
  const node = await openForReading(tls(host, query), await manifestSchema());
  await node.destroy();
});
tlsCases("The panel's database", authority, async (host, query) => {
  const database = new PanelDatabase(tls(host, query));
  try {
    await database.rows('SELECT 1', []);
  } catch (error) {
    throw (error as Error).cause;
  } finally {
    await database.close();
  }
});

test('10.9 a database that can be read and takes no writes is found', async () => {
  const proof = new DatabaseProof(new TypeOrmFactorStore(nodes[1] as DataSource, RULE));
  await proof.prove();
  await server.execute('SET GLOBAL read_only = 1');
  try {
    await assert.rejects(proof.prove(), /^Error: Our database takes no writes: .*read-only/);
    assert.match((await lookAtDatabase(socketUrl)).refusal ?? '', /takes no writes: .*read-only/);
  } finally {
    await server.execute('SET GLOBAL read_only = 0');
  }
  assert.equal((await lookAtDatabase(socketUrl)).refusal, undefined);
  await proof.prove();
});
