declare module 'apache-md5' {
  /** The md5-crypt hash of a password, whose characters are taken for bytes; `salt` is a hash or its beginning. */
  export default function apacheMd5(password: string, salt?: string): string;
}
