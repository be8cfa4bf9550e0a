/** A request that is refused with a page of its own. */
export class PanelError extends Error {
  override readonly name = 'PanelError';
  readonly status: number;

  constructor(status: number, message = `Refused with ${status}`) {
    super(message);
    this.status = status;
  }
}
