/** What is expected of something, and between which bounds it lies. */
export interface Range {
  readonly least: number;
  readonly expected: number;
  readonly most: number;
}

export const rangeOf = (valueOf: (bound: keyof Range) => number): Range => ({
  least: valueOf("least"),
  expected: valueOf("expected"),
  most: valueOf("most"),
});

export const sumOf = (ranges: readonly Range[]): Range =>
  rangeOf((bound) => ranges.reduce((sum, range) => sum + range[bound], 0));

/** Of what happens side by side: the longest. */
export const longestOf = (ranges: readonly Range[]): Range =>
  rangeOf((bound) => ranges.reduce((most, range) => Math.max(most, range[bound]), 0));
