import type { Translate } from './messages.js';

/** A waiting time in words, rounded up, with its unit: seconds below two minutes, then minutes. */
export function durationText(t: Translate, milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return seconds < 120
    ? t('duration.seconds', { count: seconds })
    : t('duration.minutes', { count: Math.ceil(seconds / 60) });
}
