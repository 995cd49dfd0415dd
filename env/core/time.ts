/** Simulated seconds in one tick. */
export const TICK_SECONDS = 15;

const SECONDS = { s: 1, min: 60, h: 3600 } as const;

/** Whole ticks in a span of simulated time, rounded up: `ticks(2, "min")` is 8. */
export const ticks = (amount: number, unit: keyof typeof SECONDS): number =>
  Math.ceil((amount * SECONDS[unit]) / TICK_SECONDS);

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/**
 * ISO 8601 text of a simulated instant; the core has no `Date`.
 * @param seconds whole seconds since 2031-01-01T00:00:00Z, within that (non-leap) year
 */
export function isoTime(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  let month = 11;
  while ((DAYS_BEFORE_MONTH[month] ?? 0) > day) month -= 1;
  const date = day - (DAYS_BEFORE_MONTH[month] ?? 0) + 1;
  return `2031-${two(month + 1)}-${two(date)}T${clockTime(seconds)}Z`;
}

/** `HH:MM:SS` of a simulated instant. */
export function clockTime(seconds: number): string {
  const inDay = ((Math.floor(seconds) % 86_400) + 86_400) % 86_400;
  return `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
