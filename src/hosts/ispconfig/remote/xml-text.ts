import { BadCall } from './bad-call.js';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
const DECLARED =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']([\w.:-]{1,40})["'])?[\s\w="']*\?>/;
/** Names of encodings in which an ASCII character is one byte and nothing else, and how node calls them. */
const DECODERS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'latin1',
};

/**
 * XML, or its beginning, as text. It says its encoding itself; a header that says another one, and an encoding that
 * hides ASCII characters, are refused with a `BadCall`.
 */
export function xmlText(bytes: Buffer, contentType: string, isWhole: boolean): string {
  const head = bytes.toString('latin1', 0, 200).replace(/^\xef\xbb\xbf/, '');
  const declaration = DECLARED.exec(head);
  if (!declaration && head.startsWith('<?xml')) throw new BadCall('XML of another kind');
  const declared = decoderOf(declaration?.[1] ?? 'utf-8');
  const announced = CHARSET.exec(contentType)?.[1];
  if (!declared || (announced && !agrees(decoderOf(announced), declared, bytes)))
    throw new BadCall('a call in another character set');
  if (declared === 'latin1') return bytes.toString('latin1');
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    throw new BadCall('a call that is no UTF-8');
  }
}

/** Two encodings of ASCII text are one. */
function agrees(announced: string | undefined, declared: string, bytes: Buffer): boolean {
  return announced === declared || (announced !== undefined && bytes.every((byte) => byte < 0x80));
}

function decoderOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(DECODERS, lower) ? DECODERS[lower] : undefined;
}
