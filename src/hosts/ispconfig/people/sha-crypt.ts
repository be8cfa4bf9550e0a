import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The digest is written in triples of bytes: the n-th begins at n × `step`, and its bytes are `third` apart, modulo 3 × `third`. */
interface Kind {
  readonly algorithm: 'sha256' | 'sha512';
  readonly step: number;
  readonly third: number;
  /** The last bytes, most significant first, which no triple has. */
  readonly rest: readonly [number, number] | readonly [number];
}

const KINDS: Readonly<Record<'5' | '6', Kind>> = {
  '5': { algorithm: 'sha256', step: 21, third: 10, rest: [31, 30] },
  '6': { algorithm: 'sha512', step: 22, third: 21, rest: [63] },
};

/**
 * SHA-crypt after "Unix crypt using SHA-256 and SHA-512" (U. Drepper, 2007): the last part of `$5$…` and `$6$…`.
 * Its own code, because the package for it (unixcrypt 3.0.4) gets passwords wrong that are as long as the digest.
 *
 * @see https://www.akkadia.org/drepper/SHA-crypt.txt
 */
export function shaCrypt(kind: '5' | '6', password: Buffer, salt: string, rounds: number): string {
  const { algorithm } = KINDS[kind];
  const hash = (...parts: readonly (Buffer | string)[]) => {
    const digest = createHash(algorithm);
    for (const part of parts) digest.update(part);
    return digest.digest();
  };
  const alternate = hash(password, salt, password);
  const bits = [...password.length.toString(2)].reverse();
  const bitParts = password.length === 0 ? [] : bits.map((bit) => (bit === '1' ? alternate : password));
  let result = hash(password, salt, filled(alternate, password.length), ...bitParts);
  const p = filled(hash(...Array<Buffer>(password.length).fill(password)), password.length);
  const s = filled(hash(...Array<string>(16 + (result[0] as number)).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    const parts = [isOdd ? p : result];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(isOdd ? result : p);
    result = hash(...parts);
  }
  return encode(result, KINDS[kind]);
}

/** As many bytes as wanted of a block said over and over. */
function filled(block: Buffer, length: number): Buffer {
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, block);
}

function encode(digest: Buffer, { step, third, rest }: Kind): string {
  const triples = Array.from({ length: third }, (_, index) => {
    const at = (part: number) => digest[(index * step + part * third) % (3 * third)] as number;
    return base64((at(0) << 16) | (at(1) << 8) | at(2), 4);
  });
  const last = rest.reduce((value, index) => (value << 8) | (digest[index] as number), 0);
  return triples.join('') + base64(last, rest.length + 1);
}

/** Six bits per character, the lowest first. */
function base64(value: number, characters: number): string {
  return Array.from({ length: characters }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('');
}
