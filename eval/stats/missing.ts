/** What could be true of a rate if every unscored episode had failed, or had succeeded. */
export interface MissingBounds {
  /** successes / planned; `null` when nothing was planned. */
  readonly lower: number | null;
  /** (successes + unscored) / planned. */
  readonly upper: number | null;
  /** scored / planned. */
  readonly coverage: number | null;
}

/**
 * Bounds that stand beside a scored rate. Provider failures are not random (long episodes make more calls), so
 * leaving them out may favour an agent; these bounds hold whatever the reason.
 */
export function missingBounds(successes: number, scored: number, planned: number): MissingBounds {
  if (successes > scored || scored > planned) {
    throw new RangeError(
      `missingBounds: expected successes ≤ scored ≤ planned, got ${successes}, ${scored}, ${planned}.`,
    );
  }
  if (planned === 0) return { lower: null, upper: null, coverage: null };
  return { lower: successes / planned, upper: (successes + planned - scored) / planned, coverage: scored / planned };
}
