import { execFileSync } from 'node:child_process';

/** The text of the one QR code that zbarimg, as a phone would, finds in a PNG file; throws when there is not exactly one. */
export function readQr(png: string): string {
  const args = ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', png];
  const texts = execFileSync('zbarimg', args, { encoding: 'utf8' }).trimEnd().split('\n');
  const [text] = texts;
  if (text === undefined || texts.length !== 1) throw new Error(`${texts.length} QR codes in ${png}`);
  return text;
}
