/** Figures of an anchor: means over tasks, siblings and seeds. */
export type Measure = "score" | "resolved" | "success" | "clean_success";

/**
 * What must hold of an agent's figure, as it stands in the table of anchors. A bound that is exceeded says that the
 * incidents leak or that the score can be gamed: look for the cause, never loosen it.
 */
export type Bound = `${Measure} ${"<" | "<=" | ">" | ">="} ${number}` | "score < runbook";

/** For policies that do not know which incident they play. */
export const BLIND: readonly Bound[] = ["score < 0.2", "success < 0.15"];
