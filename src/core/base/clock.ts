/** Milliseconds since 1970, of this machine. */
export type Clock = () => number;
