/** How a time may be typed. */
export const TIME_FORMS = '2026-07-01, 2026-07-01T12:00:00Z, or 90m, 36h, 7d ago';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as an operator types it, in milliseconds since 1970; throws an Error that names the option. */
export function timeOf(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count ? Date.now() - Number(count) * (UNITS[unit] ?? 0) : Date.parse(text);
  if (!(count || /^\d{4}-\d\d-\d\d/.test(text)) || Number.isNaN(time)) {
    throw new Error(`${option} must look like 2026-07-01, 2026-07-01T12:00:00Z, 90m, 36h or 7d, not ${text}`);
  }
  return time;
}
