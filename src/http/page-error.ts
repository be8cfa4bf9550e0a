interface PageErrorOptions extends ErrorOptions {
  readonly retryAfterSeconds?: number;
  readonly address?: string;
}

/** A request that is refused with a page of its own; `text` is a key of the message catalogues. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: number;
  readonly text: string;
  /** When it may be sent again as it is. */
  readonly retryAfterSeconds: number | undefined;
  /** The origin where it would work, named and linked. */
  readonly address: string | undefined;

  constructor(status: number, text: string, options: PageErrorOptions = {}) {
    super(`${status} ${text}`, options);
    this.status = status;
    this.text = text;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.address = options.address;
  }
}
