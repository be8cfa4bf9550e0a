import type { ColumnOptions } from 'typeorm';

/** A whole number above 32 bit, milliseconds for instance: drivers of MariaDB and PostgreSQL give these as text. */
export function bigint(name: string) {
  const transformer = { to: (value: unknown) => value, from: toNumber };
  return { name, type: 'bigint', transformer } satisfies ColumnOptions;
}

/** Text of at most `length` characters. */
export function varchar(name: string, length: number) {
  return { name, type: 'varchar', length } satisfies ColumnOptions;
}

function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
