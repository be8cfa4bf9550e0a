/** A name of the IANA time zone database; undefined for the zone of this process. */
export type TimeZone = string | undefined;

/** `2026-07-01T14:00:00.000+02:00`: as ISO 8601 has it, on the clocks of a zone; `Z` where they show UTC. `at` in milliseconds since 1970. */
export function isoIn(at: number, timeZone?: TimeZone): string {
  const offset = offsetAt(at, timeZone);
  const there = new Date(at + minutesOf(offset) * 60_000).toISOString();
  return `${there.slice(0, -1)}${offset}`;
}

/** `2026-07-01 14:00+02:00`, likewise. */
export function minuteIn(at: number, timeZone?: TimeZone): string {
  const text = isoIn(at, timeZone);
  return `${text.slice(0, 10)} ${text.slice(11, 16)}${text.slice(23)}`;
}

/** Is it the name of a zone that this Node knows? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What a zone is ahead of UTC, as `+02:00`; `Z` for nothing. Seconds, which zones had before 1972, are left out. */
function offsetAt(at: number, timeZone: TimeZone): string {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [offset = 'Z'] = /[+-]\d\d:\d\d/.exec(name) ?? [];
  return offset === '+00:00' ? 'Z' : offset;
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
