import { execFileSync } from 'node:child_process';

/** The code that oathtool gives for a base32 key at a time in seconds since 1970. */
export function oathtoolCode(key: string, period: number, seconds: number): string {
  const now = new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
  const args = ['--totp', '--base32', `--time-step-size=${period}s`, `--now=${now} UTC`, key];
  return execFileSync('oathtool', args, { encoding: 'utf8' }).trim();
}
