import { after } from 'node:test';
import { openTestDatabase } from '../storage/sqlite.js';
import { databaseContracts } from './database-contracts.js';

const database = await openTestDatabase(2);
after(() => database.close());

databaseContracts('SQLite', database.dataSources);
