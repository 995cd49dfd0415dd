import type { RunRecord } from "../../env/store/store.ts";
import { verifyRun } from "../verify/verify.ts";
import type { Verification } from "../verify/verify.ts";
import type { Build } from "./build.ts";
import { isAnchor, labelsOf, readEntries, scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { groupBy } from "./group-by.ts";
import { rankEntries } from "./leaderboard.ts";
import type { ResultReader } from "./reader.ts";
import { failuresOf } from "./rules/index.ts";
import type { Failure } from "./rules/index.ts";
import type { StepTally } from "./rules/rule.ts";
import { summaryOf } from "./summary.ts";
import type { Summary } from "./summary.ts";

/** Tables that are never mixed: their entries had different help. */
export const TABLES = ["agents", "assisted", "human", "anchors"] as const;
export type TableName = (typeof TABLES)[number];

/** An entry with its numbers. */
export interface UnrankedRow {
  readonly entry: Entry;
  readonly label: string;
  readonly summary: Summary;
}

/** An entry with its place. */
export interface Row extends UnrankedRow {
  readonly table: TableName;
  /** "3", or "2–5" where episodes do not separate entries; a dash for one that is not ranked. */
  readonly rank: string;
  /** Not significantly below the best of its table. */
  readonly tiedForFirst: boolean;
  /** Why it is not ranked. Anchors keep their rank among themselves, since they hold the scale. */
  readonly failures: readonly Failure[];
  /** What is worth knowing and bars nothing. */
  readonly badges: readonly string[];
}

/** The leaderboard of one or several runs. */
export interface Board {
  readonly runs: readonly RunRecord[];
  /** Ranked entries first, best first within each table. */
  readonly rows: readonly Row[];
  /** Runs whose episodes were not replayed: L10 says nothing of them. */
  readonly unchecked: readonly string[];
}

export interface BoardRequest {
  readonly reader: ResultReader;
  readonly runs: readonly RunRecord[];
  readonly build: Build;
  /** Of private seeds; empty otherwise. */
  readonly salt?: string;
  /** Whether every episode is played once more, which takes some milliseconds each. */
  readonly replays?: boolean;
  /** Of runs that were replayed already. */
  readonly verifications?: readonly Verification[];
  readonly onEpisode?: (done: number, total: number) => void;
}

/** Reads, replays, judges and ranks. */
export async function boardOf(request: BoardRequest): Promise<Board> {
  const { reader, runs, replays = true } = request;
  const entries: Entry[] = [];
  const verified = new Map((request.verifications ?? []).map((known) => [known.runId, known]));
  for (const run of runs) {
    entries.push(...(await readEntries(reader, run)));
    if (replays && !verified.has(run.runId)) verified.set(run.runId, await verifyRun(reader, run, request));
  }
  const anchors = await anchorsFor(reader, runs, entries);
  const labels = labelsOf(entries);
  const judged: Judged[] = [];
  for (const entry of entries) {
    const verification = verified.get(entry.run.runId) ?? null;
    const steps = await stepsOf(reader, entry);
    judged.push({
      entry,
      label: labels.get(entry.key) ?? entry.variant.label,
      table: tableOf(entry),
      summary: summaryOf(entry),
      failures: failuresOf({ entry, build: request.build, anchors, steps, verification, salt: request.salt ?? "" }),
      badges: badgesOf(entry),
    });
  }
  const unchecked = replays ? [] : runs.map(({ runId }) => runId);
  return { runs, rows: TABLES.flatMap((table) => rankedTable(judged.filter((row) => row.table === table))), unchecked };
}

/** Entries by mean score, best first; nothing is replayed, and nobody judged. */
export async function unrankedRows(reader: ResultReader, runs: readonly RunRecord[]): Promise<UnrankedRow[]> {
  const entries = (await Promise.all(runs.map((run) => readEntries(reader, run)))).flat();
  const labels = labelsOf(entries);
  return entries
    .map((entry) => ({ entry, label: labels.get(entry.key) ?? entry.variant.label, summary: summaryOf(entry) }))
    .toSorted(byScore);
}

/** Whether a row has a rank: anchors always, the others when nothing speaks against it. */
export const isRanked = ({ table, failures }: Pick<Row, "table" | "failures">): boolean =>
  table === "anchors" || failures.length === 0;

type Judged = Omit<Row, "rank" | "tiedForFirst">;

function rankedTable(rows: readonly Judged[]): Row[] {
  const standings = new Map(
    rankEntries(rows.filter(isRanked).map(({ entry }) => entry)).map((standing) => [standing.name, standing]),
  );
  return rows
    .map((row) => {
      const standing = standings.get(row.entry.key);
      const hasRank = standing !== undefined && row.summary.scored > 0;
      return { ...row, rank: hasRank ? standing.label : "–", tiedForFirst: hasRank && standing.tiedForFirst };
    })
    .toSorted((a, b) => Number(isRanked(b)) - Number(isRanked(a)) || byScore(a, b));
}

/** Best first; entries without a score last, equal ones by label. */
const byScore = (a: UnrankedRow, b: UnrankedRow): number =>
  scoreOf(b) - scoreOf(a) || (a.label < b.label ? -1 : Number(a.label > b.label));

const scoreOf = ({ summary }: UnrankedRow): number => summary.metrics.mean_score?.value ?? -1;

function tableOf(entry: Entry): TableName {
  if (isAnchor(entry)) return "anchors";
  if (entry.variant.kind === "human") return "human";
  return entry.variant.assisted ? "assisted" : "agents";
}

/** Anchors of any run that could be compared with one of these; nothing to hold them against where only anchors played. */
export async function anchorsFor(
  reader: ResultReader,
  runs: readonly RunRecord[],
  entries: readonly Entry[],
): Promise<Entry[]> {
  const own = entries.filter(isAnchor);
  if (own.length === entries.length) return own;
  const known = new Set(runs.map(({ runId }) => runId));
  const keys = new Set(runs.map(comparisonKey));
  for (const run of await reader.runs()) {
    if (known.has(run.runId) || !keys.has(comparisonKey(run))) continue;
    own.push(...(await readEntries(reader, run)).filter(isAnchor));
  }
  return own;
}

/** Equal for runs whose results compare: suite, versions, salt. The base seed decides which pages they share. */
export const comparisonKey = ({ suite, suiteVersion, versions, saltSha256 }: RunRecord): string =>
  JSON.stringify([suite, suiteVersion, versions["env"], versions["scoring"], saltSha256]);

/** Steps of the scored episodes by what cut them. Only replies of models and programs are ever cut. */
async function stepsOf(reader: ResultReader, entry: Entry): Promise<StepTally> {
  const tally = { all: 0, filtered: 0, truncated: 0 };
  const scored = scoredOf(entry);
  tally.all = scored.reduce((sum, { steps }) => sum + steps, 0);
  if (isAnchor(entry)) return tally;
  for (const { episodeId } of scored) {
    for (const { invalidReason } of await reader.steps(episodeId)) {
      if (invalidReason === "filtered") tally.filtered += 1;
      if (invalidReason === "truncated") tally.truncated += 1;
    }
  }
  return tally;
}

const SHAKY_PROVIDER = 0.05;

function badgesOf({ attempts }: Entry): string[] {
  const calls = attempts.reduce((sum, { providerCalls }) => sum + providerCalls, 0);
  const failed = attempts.reduce((sum, { providerFailures }) => sum + providerFailures, 0);
  return calls > 0 && failed / calls > SHAKY_PROVIDER ? [`${failed} of ${calls} calls failed`] : [];
}

/** Codes with what came instead, once for all agents that share them. */
export function reasonsOf(rows: readonly Row[]): string[] {
  const reasons = rows.flatMap(({ label, failures }) => failures.map((failure) => ({ label, ...failure })));
  const alike = groupBy(reasons, ({ code, sentences }) => `${code}  ${sentences.join(" ")}`);
  return [...alike]
    .map(([reason, own]) => `${reason} (${own.map(({ label }) => label).join(", ")}; wanted: ${own[0]?.wants})`)
    .toSorted();
}
