import { comparisonKey } from "../report/board.ts";
import { readEntries } from "../report/entry.ts";
import type { Entry } from "../report/entry.ts";
import type { ResultReader } from "../report/reader.ts";
import { summaryOf } from "../report/summary.ts";
import type { Summary } from "../report/summary.ts";
import { compareEntries } from "./compare.ts";
import type { Comparison } from "./compare.ts";

/** A model in one run. */
export interface HistoryEntry {
  readonly entry: Entry;
  readonly summary: Summary;
  /** Against the last earlier run of the same variant's harness and model that it compares with; null for the first. */
  readonly since: { readonly runId: string; readonly comparison: Comparison } | null;
}

/** Whether a name means this variant: its label, its model, or the beginning of its id. */
export const isMeant = ({ variant }: Entry, name: string): boolean =>
  variant.label === name ||
  variant.model === name ||
  variant.label.slice(variant.label.indexOf(":") + 1) === name ||
  (/^[0-9a-f]{8,64}$/.test(name) && variant.variantId.startsWith(name));

/** Every entry of every run, the oldest run first. */
export async function allEntries(reader: ResultReader): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const run of (await reader.runs()).toReversed()) entries.push(...(await readEntries(reader, run)));
  return entries;
}

/** One model, or one agent, over time and versions. */
export function historyOf(entries: readonly Entry[], belongs: (entry: Entry) => boolean): HistoryEntry[] {
  const history: HistoryEntry[] = [];
  for (const entry of entries.filter(belongs)) {
    history.push({ entry, summary: summaryOf(entry), since: sinceLast(history, entry) });
  }
  return history;
}

function sinceLast(earlier: readonly HistoryEntry[], entry: Entry): HistoryEntry["since"] {
  const before = earlier.findLast(
    ({ entry: other }) =>
      other.run.runId !== entry.run.runId &&
      other.variant.label === entry.variant.label &&
      comparisonKey(other.run) === comparisonKey(entry.run) &&
      other.suite?.manifestSha256 === entry.suite?.manifestSha256,
  );
  if (before === undefined) return null;
  const { runId } = before.entry.run;
  const comparison = compareEntries(entry, before.entry, { a: entry.run.runId, b: runId });
  return comparison.score.pairs === 0 ? null : { runId, comparison };
}
