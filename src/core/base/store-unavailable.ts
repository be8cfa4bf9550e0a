/**
 * A store that could not be read or written in time. Every method of every port rejects then, and a rejection is never
 * an answer: the request is refused with 503, and nothing is known of the write. What is expected to happen is a value.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  /** `store` names the store in logs; `cause` is what the driver said. */
  constructor(
    readonly store: string,
    options?: { cause?: unknown },
  ) {
    super(`${store} is unavailable`, options);
  }
}
