/** A store that could not be read or written in time. The request is refused with 503; nothing is known of the write. */
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
