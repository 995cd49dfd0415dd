import { CONFIDENCE } from "./estimate.ts";
import { holm } from "./holm.ts";

/** The outcome of comparing two entries; `difference` is A − B. */
export interface RankComparison {
  readonly a: string;
  readonly b: string;
  readonly difference: number | null;
  /** Before adjustment. */
  readonly pValue: number | null;
}

/** The ranks that an entry may have, as far as the data can tell. */
export interface RankRange {
  readonly name: string;
  /** 1 + number of entries significantly better. */
  readonly best: number;
  /** Number of entries − number significantly worse. */
  readonly worst: number;
  /** "3", or "2–5" where the data do not separate the entries. */
  readonly label: string;
  /** Not significantly below the entry with the highest value: the honest answer to "who is first". */
  readonly tiedForFirst: boolean;
}

/**
 * Rank ranges from all pairwise comparisons, Holm-adjusted together at 0.05.
 * @param entries with the value that the comparisons are about; an absent value is never the highest
 */
export function rankRanges(
  entries: readonly { readonly name: string; readonly value: number | null }[],
  comparisons: readonly RankComparison[],
): RankRange[] {
  const beats = significantWins(comparisons);
  const top = entries.reduce<(typeof entries)[number] | null>(
    (best, entry) => (entry.value !== null && (best?.value == null || entry.value > best.value) ? entry : best),
    null,
  );
  return entries.map(({ name }) => {
    const best = 1 + entries.filter((other) => beats(other.name, name)).length;
    const worst = entries.length - entries.filter((other) => beats(name, other.name)).length;
    const label = best === worst ? `${best}` : `${best}–${worst}`;
    return { name, best, worst, label, tiedForFirst: top !== null && !beats(top.name, name) };
  });
}

function significantWins(comparisons: readonly RankComparison[]): (winner: string, loser: string) => boolean {
  const adjusted = holm(comparisons.map(({ pValue }) => pValue));
  const wins = new Map<string, Set<string>>();
  for (const [i, { a, b, difference }] of comparisons.entries()) {
    const p = adjusted[i] ?? null;
    if (p === null || difference === null || difference === 0 || p > 1 - CONFIDENCE) continue;
    const [winner, loser] = difference > 0 ? [a, b] : [b, a];
    wins.set(winner, (wins.get(winner) ?? new Set()).add(loser));
  }
  return (winner, loser) => wins.get(winner)?.has(loser) ?? false;
}
