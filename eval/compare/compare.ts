import { finalOf } from "../report/entry.ts";
import type { Entry } from "../report/entry.ts";
import { RESAMPLING_SEED } from "../stats/estimate.ts";
import { compareScores, compareSuccess } from "../stats/paired.ts";
import type { PairedComparison, SuccessComparison } from "../stats/paired.ts";
import { differencesBetween } from "./comparable.ts";
import type { Difference } from "./comparable.ts";

/** A against B on the pages that both were given and that were scored for both. Differences are A − B. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly success: SuccessComparison;
  readonly score: PairedComparison;
  /** What differs between the two though it should not; the numbers then compare two things at once. */
  readonly differences: readonly Difference[];
}

/**
 * Compares two entries, aligned on definition and seed. Success by McNemar's exact test with one trial per task, by a
 * sign-flip permutation of task differences otherwise; scores by the latter.
 */
export function compareEntries(a: Entry, b: Entry, labels: { readonly a: string; readonly b: string }): Comparison {
  const success = compareSuccess(pages(a, wasSuccess), pages(b, wasSuccess), RESAMPLING_SEED);
  const score = compareScores(pages(a, scoreOf), pages(b, scoreOf), RESAMPLING_SEED);
  const nameOf = taskNames(a, b);
  const named = (hashes: readonly string[]): string[] => hashes.map(nameOf).toSorted();
  return {
    ...labels,
    success: {
      ...success,
      both: named(success.both),
      onlyA: named(success.onlyA),
      onlyB: named(success.onlyB),
      neither: named(success.neither),
    },
    score,
    differences: differencesBetween(a, b),
  };
}

type Final = ReturnType<typeof finalOf>[number];

const wasSuccess = ({ scored, outcome }: Final): number | null => (scored ? Number(outcome === "success") : null);
const scoreOf = ({ score }: Final): number | null => score;

/** One for each slot; a slot without an ended attempt has no value. */
function pages(entry: Entry, valueOf: (episode: Final) => number | null) {
  const bySlot = new Map(finalOf(entry).map((episode) => [episode.slotId, episode]));
  return entry.slots.map(({ slotId, specHash, seed }) => {
    const episode = bySlot.get(slotId);
    return { taskId: specHash, seed, value: episode === undefined ? null : valueOf(episode) };
  });
}

function taskNames(a: Entry, b: Entry): (specHash: string) => string {
  const specs = new Map([...a.specs, ...b.specs]);
  return (specHash) => specs.get(specHash)?.taskId ?? specHash.slice(0, 12);
}
