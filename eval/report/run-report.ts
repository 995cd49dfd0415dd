import type { RunRecord } from "../../env/store/store.ts";
import { allEntries, historyOf } from "../compare/history.ts";
import type { HistoryEntry } from "../compare/history.ts";
import type { Board, Row } from "./board.ts";
import { taskIdsOf } from "./entry.ts";
import { answeredFacts, policyFacts, suiteFacts, variantFacts } from "./facts.ts";
import type { Fact } from "./facts.ts";
import { powerSentence } from "./power.ts";
import { endingsOf, outcomesOf, providerErrors, repeatedOf } from "./provider-errors.ts";
import type { ProviderErrors } from "./provider-errors.ts";
import type { ResultReader } from "./reader.ts";
import { causesOf, slicesOf } from "./slices.ts";
import type { Slice } from "./slices.ts";

/** All that has to be said of a run for its numbers to be worth publishing. */
export interface RunReport {
  readonly run: RunRecord;
  readonly board: Board;
  readonly suite: readonly Fact[];
  readonly policy: readonly Fact[];
  readonly agents: readonly { readonly label: string; readonly facts: readonly Fact[] }[];
  readonly outcomes: readonly {
    readonly label: string;
    readonly planned: number;
    readonly counts: Readonly<Record<string, number>>;
    readonly endings: Readonly<Record<string, number>>;
    readonly repeated: ReturnType<typeof repeatedOf>;
  }[];
  readonly providerErrors: readonly ProviderErrors[];
  /** Every agent on every task. */
  readonly tasks: readonly Slice[];
  /** Agents of the run that earlier runs had too, each over time. */
  readonly history: readonly { readonly label: string; readonly entries: readonly HistoryEntry[] }[];
  /** What so many episodes can tell apart. */
  readonly power: string;
  readonly limitations: readonly string[];
}

/** Gathers a report around a leaderboard of one run. */
export async function runReport(reader: ResultReader, run: RunRecord, board: Board): Promise<RunReport> {
  const { rows } = board;
  return {
    run,
    board,
    suite: suiteFacts(run, await reader.suite(run.suite, run.suiteVersion), taskIdsOf(rows.map(({ entry }) => entry))),
    policy: policyFacts(run),
    agents: rows.map(({ entry, label }) => ({
      label,
      facts: [...variantFacts(entry.variant), ...answeredFacts(entry)],
    })),
    outcomes: rows.map(({ entry, label }) => ({
      label,
      planned: entry.slots.length,
      counts: outcomesOf(entry),
      endings: endingsOf(entry),
      repeated: repeatedOf(entry),
    })),
    providerErrors: providerErrors(rows),
    tasks: slicesOf(rows, "task", causesOf(rows.map(({ entry }) => entry))),
    history: await histories(reader, rows),
    power: powerSentence(rows),
    limitations: LIMITATIONS,
  };
}

/** What no table of ours can show. */
const LIMITATIONS = [
  "Incidents are simulated: a model of five services, not a production system.",
  "The source is public, so that an agent with access to it and to unsalted seeds could look answers up.",
  "Intervals cover the choice of tasks and seeds of this simulator, not differences between versions of a model.",
  "Unscored episodes enter no rate. Provider failures are not random: long episodes make more calls.",
  "Names and labels may come from models. They are shown as text, and no number depends on them.",
];

/** One point is no history; and anchors have none, as they never change within a version. */
async function histories(reader: ResultReader, rows: readonly Row[]): Promise<RunReport["history"]> {
  const agents = rows.filter(({ table }) => table !== "anchors");
  if (agents.length === 0) return [];
  const all = await allEntries(reader);
  return agents
    .map(({ entry, label }) => ({
      label,
      entries: historyOf(all, ({ variant }) => variant.label === entry.variant.label),
    }))
    .filter(({ entries }) => entries.length > 1);
}
