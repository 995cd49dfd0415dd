import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import { isRanked, unrankedRows } from "../report/board.ts";
import type { UnrankedRow } from "../report/board.ts";
import { isAnchor } from "../report/entry.ts";
import { percent } from "../report/numbers.ts";
import { replayedBoard } from "./replaying.ts";
import type { Wiring } from "./wiring.ts";

/** What a run is held against when it is over. */
export interface Thresholds {
  /** Least share of successes of each agent; the anchors count only where nobody else plays. */
  readonly failUnder?: number | undefined;
  /** Every agent must be fit to be ranked. */
  readonly requireEligible?: true | undefined;
  readonly salt?: string | undefined;
}

/** What a finished run falls short of, a sentence each; none when it meets everything. */
export async function shortfalls(
  wiring: Pick<Wiring, "suite" | "frozenFolder">,
  store: ResultStore,
  run: RunRecord,
  { failUnder, requireEligible, salt }: Thresholds,
): Promise<string[]> {
  const low = failUnder === undefined ? [] : below(await unrankedRows(store, [run]), failUnder);
  return requireEligible === true ? [...low, ...(await ineligible(wiring, store, run, salt))] : low;
}

function below(rows: readonly UnrankedRow[], least: number): string[] {
  const agents = rows.filter(({ entry }) => !isAnchor(entry));
  return (agents.length > 0 ? agents : rows).flatMap(({ label, summary: { metrics, successes, scored } }) => {
    const rate = metrics.success_rate?.value ?? null;
    if (rate !== null && rate >= least) return [];
    return [`${label} succeeds in ${successes} of ${scored} episodes (${percent(rate)}); wanted: ${percent(least)}.`];
  });
}

async function ineligible(
  wiring: Pick<Wiring, "suite" | "frozenFolder">,
  store: ResultStore,
  run: RunRecord,
  salt?: string,
): Promise<string[]> {
  const { rows } = await replayedBoard(wiring, store, [run], salt === undefined ? {} : { salt });
  const unranked = rows.filter((row) => !isRanked(row));
  return unranked.map(
    ({ label, failures }) => `${label} cannot be ranked: ${failures.map(({ code }) => code).join(", ")}.`,
  );
}
