import sqlite3 from 'sqlite3';
import { SqliteDatabase } from './sqlite-database.js';

const quiet = { ...sqlite3, Database: SqliteDatabase };

/**
 * The driver for SQLite data sources. TypeORM asks for `verbose()`, which takes a stack trace on every call (a third
 * of what a look-up costs) and writes the values of the statement into the message of each error.
 */
export const quietSqlite = { ...quiet, verbose: () => quiet };
