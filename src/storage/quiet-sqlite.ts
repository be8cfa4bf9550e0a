import sqlite3 from 'sqlite3';

/**
 * The driver for SQLite data sources. TypeORM asks for `verbose()`, which takes a stack trace on every call (a third
 * of what a look-up costs) and writes the values of the statement into the message of each error.
 */
export const quietSqlite = { ...sqlite3, verbose: () => sqlite3 };
