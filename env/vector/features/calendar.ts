const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAY = 86_400;

/**
 * Seconds since the year 0 of a time in an observation, `2031-03-04T02:17:15Z`. The simulated calendar has no leap
 * years.
 */
export function secondsOf(iso: string): number {
  const days = part(iso, 0, 4) * 365 + (DAYS_BEFORE_MONTH[part(iso, 5, 7) - 1] ?? 0) + part(iso, 8, 10) - 1;
  return days * DAY + part(iso, 11, 13) * 3600 + part(iso, 14, 16) * 60 + part(iso, 17, 19);
}

const part = (iso: string, from: number, to: number): number => Number(iso.slice(from, to));
