import type { EpisodeEntry } from "../../env/store/store.ts";
import type { Row } from "../report/board.ts";
import { leaderboard } from "../report/leaderboard.ts";
import type { Standing } from "../report/leaderboard.ts";
import { dollars } from "../report/use.ts";
import { ABSENT, decimal, grouped, interval, percent, plain } from "../report/numbers.ts";
import { tableText } from "./output.ts";

/** What every table of agents shows first. */
const NUMBERS: readonly Column<Pick<Standing, "metrics">>[] = [
  { head: "score [95 %]", cell: ({ metrics }) => interval(metrics.mean_score) },
  { head: "success [95 %]", cell: ({ metrics }) => interval(metrics.success_rate) },
  { head: "evidence", cell: ({ metrics }) => plain(metrics.evidence_coverage) },
  { head: "wrong fixes", cell: ({ metrics }) => plain(metrics.wrong_remediation_rate) },
  { head: "distractors", cell: ({ metrics }) => plain(metrics.distractor_failure_rate) },
  { head: "invalid", cell: ({ metrics }) => plain(metrics.invalid_action_rate) },
  { head: "steps", cell: ({ metrics }) => plain(metrics.mean_steps, 1) },
];

const COLUMNS: readonly Column<Standing>[] = [
  { head: "rank", cell: ({ rank }) => rank },
  { head: "agent", cell: ({ variant }) => variant },
  ...NUMBERS,
  { head: "n", cell: (standing) => scoredOfPlanned(standing) },
];

/** The agents of a run in one table, as a run ends with it. */
export const leaderboardText = (episodes: readonly EpisodeEntry[]): string => written(COLUMNS, leaderboard(episodes));

/** Sets of columns that a leaderboard can have. */
export const COLUMN_SETS = ["scores", "tokens", "all"] as const;
export type ColumnSet = (typeof COLUMN_SETS)[number];

/** Rows of one table of a leaderboard. Columns that would be empty in every row are left out. */
export function rowsText(rows: readonly Row[], set: ColumnSet): string {
  const columns = COLUMNS_OF[set].filter(({ cell, optional }) => !optional || rows.some((row) => cell(row) !== ABSENT));
  return written(columns, rows);
}

interface Column<Item> {
  readonly head: string;
  readonly cell: (item: Item) => string;
  /** Left out where no row has a value. */
  readonly optional?: true;
}

const PLACE: readonly Column<Row>[] = [
  { head: "rank", cell: ({ rank }) => rank },
  { head: "agent", cell: ({ label }) => label },
];

const SCORES: readonly Column<Row>[] = NUMBERS.map(({ head, cell }) => ({
  head,
  cell: ({ summary }) => cell(summary),
}));

const SURE: readonly Column<Row>[] = [
  { head: "all of k pages", cell: passHat, optional: true },
  { head: "success, at least–at most", cell: bounds, optional: true },
  { head: "n", cell: ({ summary }) => scoredOfPlanned(summary) },
];

const SPENT: readonly Column<Row>[] = [
  { head: "tokens in", cell: ({ summary }) => grouped(summary.use.inputTokens), optional: true },
  { head: "tokens out", cell: ({ summary }) => grouped(summary.use.outputTokens), optional: true },
  { head: "cost", cell: cost, optional: true },
  { head: "cost per success", cell: costPerSuccess, optional: true },
];

const COLUMNS_OF: Readonly<Record<ColumnSet, readonly Column<Row>[]>> = {
  scores: [...PLACE, ...SCORES, ...SURE, ...SPENT],
  tokens: [
    { head: "model", cell: ({ entry, label }) => entry.variant.model ?? label },
    { head: "success", cell: ({ summary }) => `${summary.successes}/${summary.scored} (${percent(rateOf(summary))})` },
    { head: "turns", cell: ({ summary }) => plain(summary.metrics.mean_steps, 1) },
    { head: "input tokens", cell: ({ summary }) => grouped(summary.use.inputTokens) },
    { head: "output tokens", cell: ({ summary }) => grouped(summary.use.outputTokens) },
    { head: "cost", cell: cost },
  ],
  all: [
    ...PLACE,
    ...SCORES,
    ...SURE,
    { head: "marks", cell: marks },
    ...SPENT,
    { head: "latency p50 s", cell: ({ summary }) => seconds(summary.use.latencyMs.p50), optional: true },
    { head: "context", cell: ({ entry }) => grouped(entry.variant.contextTokens), optional: true },
    { head: "where", cell: ({ entry }) => where(entry.variant), optional: true },
  ],
};

const written = <Item>(columns: readonly Column<Item>[], items: readonly Item[]): string =>
  tableText(
    columns.map(({ head }) => head),
    items.map((item) => columns.map(({ cell }) => cell(item))),
  );

const scoredOfPlanned = ({ scored, planned }: { readonly scored: number; readonly planned: number }): string =>
  scored === planned ? `${scored}` : `${scored} of ${planned}`;

const rateOf = ({ successes, scored }: Row["summary"]): number | null => (scored === 0 ? null : successes / scored);

/** The deepest pass^k that there are trials for. With one trial it would repeat the success rate. */
function passHat({ summary }: Row): string {
  const deepest = summary.passHat.filter(({ k }) => k > 1).at(-1);
  return deepest === undefined || deepest.value === null ? ABSENT : `${decimal(deepest.value)} (k = ${deepest.k})`;
}

/** What unscored episodes leave open; nothing is open where all were scored. */
function bounds({ summary }: Row): string {
  const { lower, upper, coverage } = summary.bounds;
  return coverage === null || coverage === 1 ? ABSENT : `${decimal(lower)}–${decimal(upper)}`;
}

function cost({ summary: { use } }: Row): string {
  const shown = dollars(use.totalCostUusd, use.unpriced);
  if (shown === null) return ABSENT;
  return use.unpriced === 0 ? shown : `${shown} (${use.unpriced} unpriced)`;
}

function costPerSuccess({ summary: { use } }: Row): string {
  return dollars(use.costPerSuccessUusd, use.unpriced) ?? ABSENT;
}

function marks({ summary }: Row): string {
  if (summary.marks === null) return ABSENT;
  const { marks: given, outOf } = summary.marks;
  return outOf === 100 ? given.toFixed(1) : `${given.toFixed(1)} of ${outOf}`;
}

const seconds = (ms: number | null): string => decimal(ms === null ? null : ms / 1000, 1);

function where({ deployment, hardware, baseUrlHost }: Row["entry"]["variant"]): string {
  const places = [deployment, hardware ?? baseUrlHost].filter((place) => place !== null);
  return places.length === 0 ? ABSENT : places.join(", ");
}
