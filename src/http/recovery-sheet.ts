import { isoIn, minuteIn } from '../core/base/zoned-time.js';
import type { Translate } from './messages.js';

/** What somebody keeps of his recovery codes, on paper or in a file. */
export interface RecoverySheet {
  /** Names panel, account and time, so that no later sheet takes its place. */
  readonly fileName: string;
  /** What stands above the codes: whose they are and how they are used. */
  readonly head: readonly string[];
  /** Head and codes as plain text; each code has its number in front. */
  readonly text: string;
}

export interface SheetContent {
  readonly issuer: string;
  /** The address people open the panel at. */
  readonly publicOrigin: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** The zone that `madeAt` is told in. */
  readonly timeZone: string | undefined;
  readonly codes: readonly string[];
}

export function recoverySheet(t: Translate, content: SheetContent): RecoverySheet {
  const { issuer, publicOrigin, account, madeAt, timeZone, codes } = content;
  const [date = '', time = ''] = isoIn(madeAt, timeZone).split(/[T.]/);
  const head = [
    t('codes.sheet-title'),
    t('codes.sheet-panel', { issuer: oneLine(issuer), address: publicOrigin }),
    t('codes.sheet-account', { account: oneLine(account) }),
    t('codes.sheet-made', { date: dateText(madeAt, timeZone) }),
    t('codes.sheet-use'),
  ];
  const numbered = codes.map((code, index) => `${`${index + 1}.`.padStart(3)} ${code}`);
  const name = [
    t('codes.sheet-file'),
    new URL(publicOrigin).hostname,
    account,
    date,
    time.replaceAll(':', '-'),
  ];
  return {
    fileName: `${name.map((part) => fileSafe(part)).join('_')}.txt`,
    head,
    text: `${[...head, '', ...numbered].join('\n')}\n`,
  };
}

/** With `UTC` in letters: a lone `Z` on paper says nothing to most. */
function dateText(at: number, timeZone: string | undefined): string {
  return minuteIn(at, timeZone)
    .replace(/Z$/, ' UTC')
    .replace(/(?=[+-]\d\d:\d\d$)/, ' UTC');
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** What every file system takes, and short enough for it together. */
function fileSafe(text: string): string {
  return Array.from(text.replace(/[^\p{L}\p{M}\p{N}.@-]+/gu, '-'))
    .slice(0, 40)
    .join('');
}
