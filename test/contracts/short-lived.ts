/** An implementation of a port with expiry, and its clock. */
export interface ShortLived<Port> {
  readonly store: Port;
  now(): number;
  /** Lets time pass: the real one, or that of an injected clock. */
  pass(milliseconds: number): Promise<void>;
}

/** Makes an implementation that shares nothing with others of the same test run but the server. */
export type Open<Port> = () => ShortLived<Port>;

let last = 0;

/** An id that no other test uses. */
export function freshId(): string {
  last += 1;
  return `${process.pid}-${last}`;
}
