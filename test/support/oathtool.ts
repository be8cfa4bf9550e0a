import { execFileSync } from 'node:child_process';

export interface OathOptions {
  /** Seconds a code is valid; 30 without it. */
  readonly period?: number;
  /** Unix time in seconds; now without it. */
  readonly at?: number;
}

/** The six digits that oathtool, an independent implementation, shows for a base32 key (spaces in it are fine). */
export function code(base32: string, { period = 30, at = Date.now() / 1000 }: OathOptions = {}): string {
  const args = [
    '--totp=sha1',
    '--base32',
    '--digits=6',
    `--time-step-size=${period}s`,
    `--now=@${Math.floor(at)}`,
  ];
  return execFileSync('oathtool', [...args, '-'], {
    input: base32.replaceAll(' ', ''),
    encoding: 'utf8',
  }).trim();
}
