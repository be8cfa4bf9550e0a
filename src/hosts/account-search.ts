/** Two statements of a panel's SQL database; in both, each `?` is a pattern for `LIKE ? ESCAPE '!'`. */
export interface AccountSearch {
  /** Selects whoever matches, in the order to show; it ends where its `LIMIT` follows. */
  readonly matching: string;
  /** Gives one row with the number of matches in `total`. */
  readonly count: string;
}

/** Runs a statement with a value for each `?`. */
export type AccountQuery = <Row>(sql: string, values: string[]) => Promise<Row[]>;

/** One page of the people whose name contains a text, and how many there are; `page` counts from 1. */
export async function searchAccounts<Row>(
  query: AccountQuery,
  { matching, count }: AccountSearch,
  text: string,
  page: number,
  pageSize: number,
): Promise<{ readonly rows: readonly Row[]; readonly total: number }> {
  const pattern = `%${text.replace(/[!%_]/g, '!$&')}%`;
  const patternsOf = (sql: string) => Array.from(sql.matchAll(/\?/g), () => pattern);
  const limit = `LIMIT ${whole(pageSize)} OFFSET ${whole((page - 1) * pageSize)}`;
  const [rows, [counted]] = await Promise.all([
    query<Row>(`${matching} ${limit}`, patternsOf(matching)),
    query<{ total: number }>(count, patternsOf(count)),
  ]);
  return { rows, total: Number(counted?.total ?? 0) };
}

/** Numbers stand in the statement: a prepared LIMIT takes no text. */
function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a number of rows`);
  return String(value);
}
