import type { MetricsData } from "../../env/contract/index.ts";

/** One row of a metrics table. */
export interface Reading {
  readonly now: number;
  /** The same hour of yesterday, which was healthy. */
  readonly yesterday: number;
}

export const UNSEEN: Reading = { now: Number.NaN, yesterday: Number.NaN };

/** From here on a ratio counts as pinned at its limit; display noise is a few per cent. */
const PINNED = 0.94;

/** A table by row name. */
export function readTable({ columns, rows }: MetricsData): ReadonlyMap<string, Reading> {
  const [now, yesterday] = ["now", "yesterday"].map((column) => columns.indexOf(column));
  return new Map(rows.map(([name, , ...values]) => [name, { now: at(values, now), yesterday: at(values, yesterday) }]));
}

/** A column of a row; NaN where the table lacks it. */
const at = (values: readonly number[], column = -1): number => values[column] ?? Number.NaN;

/** Whether a row stands above yesterday by a factor, and from zero by anything. */
export const rose = ({ now, yesterday }: Reading, factor = 1.3): boolean => now > yesterday * factor;

/** Whether a row stands below yesterday by a factor. */
export const fell = ({ now, yesterday }: Reading, factor = 1.3): boolean => now * factor < yesterday;

/** Whether a utilisation is at its limit. */
export const pinned = ({ now }: Reading): boolean => now >= PINNED;

/** Whether one of several equal hosts stands out from the others' median by a factor, and which (0-based). */
export function outlier(readings: readonly Reading[], factor: number): number {
  const sorted = readings.map(({ now }) => now).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const beyond = readings.map(({ now }, i) => (now > median * factor ? i : -1)).filter((i) => i >= 0);
  return beyond.length === 1 ? (beyond[0] as number) : -1;
}
