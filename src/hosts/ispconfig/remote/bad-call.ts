/** A call of the API that is not read any further: broken, too large, too slow, or with two meanings. */
export class BadCall extends Error {
  override readonly name = 'BadCall';

  constructor(
    readonly reason: string,
    readonly status: 400 | 408 | 413 = 400,
  ) {
    super(reason);
  }
}
