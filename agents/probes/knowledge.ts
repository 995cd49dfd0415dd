/** A whole answer in the text form of actions. */
export interface KnownAnswer {
  /** Changes in order; a number is a wait of that many looks. Empty where nothing is to be changed. */
  readonly fix: readonly (string | number)[];
  readonly close: string;
}

/**
 * What only the harness can tell a probe, each kind to those that need it; plain JSON. Names that a seed draws
 * (releases, certificates, hosts, providers) are filled in: generous, so that a bound also holds for one who looks
 * them up.
 */
export interface Knowledge {
  /** Every single change that is part of some fix, each with the diagnosis it mostly goes with; the commonest first. */
  readonly knownChanges: readonly KnownAnswer[];
  /** Which diagnosis a key mostly goes with: `cache.ttl_s` → the closing action. */
  readonly keyTable: Readonly<Record<string, string>>;
  /** Answers learnt for a set of red objectives (`alertKey`), the commonest first. */
  readonly alertAnswers: Readonly<Record<string, readonly KnownAnswer[]>>;
  /** One answer per sibling of the very task that is played, the canonical one first. */
  readonly taskAnswers: readonly KnownAnswer[];
}

/** What an agent must be told before it can play. */
export type Need = "reference" | keyof Knowledge;

/** The set of red objectives as a key: their names in the order of the panel, joined by a plus; empty when all hold. */
export const alertKey = (red: readonly string[]): string => red.join("+");
