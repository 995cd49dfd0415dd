import { CHECK_NAMES } from "../../env/core/checks.ts";
import type { EpisodeEntry, VariantRecord } from "../../env/store/store.ts";
import { canonicalJson } from "../../env/store/trajectory.ts";
import type { Entry } from "../report/entry.ts";
import { finalOf } from "../report/entry.ts";
import { timeText } from "../report/facts.ts";
import { csvText } from "./csv.ts";
import type { Cell } from "./csv.ts";

/** One episode as it is exported, by column. */
export type ExportRow = Readonly<Record<string, Cell>>;

type Columns = readonly (readonly [name: string, of: (episode: EpisodeEntry, variant: VariantRecord) => Cell])[];

const WHO: Columns = [
  ["agent", (_, variant) => variant.label],
  ["variant_id", (_, variant) => variant.variantId],
  ["kind", (_, variant) => variant.kind],
  ["harness", (_, variant) => variant.harness],
  ["harness_version", (_, variant) => variant.harnessVersion],
  ["assisted", (_, variant) => variant.assisted],
  ["model", (_, variant) => variant.model],
  ["model_version", (_, variant) => variant.modelVersion],
  ["provider", (_, variant) => variant.provider],
  ["engine", (_, variant) => variant.engineName],
  ["engine_version", (_, variant) => variant.engineVersion],
  ["hardware", (_, variant) => variant.hardware],
  ["quantization", (_, variant) => variant.quantization],
];

const RESULT: Columns = [
  ["task_id", (episode) => episode.taskId],
  ["spec_hash", (episode) => episode.specHash],
  ["difficulty", (episode) => episode.difficulty],
  ["seed", (episode) => episode.seed],
  ["trial", (episode) => episode.trial],
  ["outcome", (episode) => episode.outcome ?? "running"],
  ["scored", (episode) => episode.scored],
  ["terminal_reason", (episode) => episode.terminalReason],
  ["error_class", (episode) => episode.errorClass],
  ["score", (episode) => episode.score],
  ["evidence_coverage", (episode) => episode.evidenceCoverage],
  ["steps", (episode) => episode.steps],
  ["invalid_actions", (episode) => episode.invalidActions],
  ["repeated_actions", (episode) => episode.repeatedActions],
  ["changes", (episode) => episode.changes],
  ["wrong_changes", (episode) => episode.wrongChanges],
  ["distractor_changes", (episode) => episode.distractorChanges],
  ["premature_resolution", (episode) => episode.prematureResolution],
  ["input_tokens", (episode) => episode.inputTokens],
  ["cached_tokens", (episode) => episode.cachedTokens],
  ["output_tokens", (episode) => episode.outputTokens],
  ["reasoning_tokens", (episode) => episode.reasoningTokens],
  ["cost_usd", (episode) => (episode.costUusd === null ? null : episode.costUusd / 1e6)],
  ["cost_complete", (episode) => episode.costComplete],
  ["trajectory_sha256", (episode) => episode.trajectorySha256],
];

/** What differs between two runs of the same thing. */
const WHEN: Columns = [
  ["run_id", (episode) => episode.runId],
  ["episode_id", (episode) => episode.episodeId],
  ["attempt", (episode) => episode.attempt],
  ["final", (episode) => episode.final],
  ["provider_calls", (episode) => episode.providerCalls],
  ["provider_failures", (episode) => episode.providerFailures],
  ["error_detail", (episode) => episode.errorDetail],
  ["wall_ms", (episode) => episode.wallMs],
  ["working_ms", (episode) => episode.workingMs],
  ["waiting_ms", (episode) => episode.waitingMs],
  ["started_at", (episode) => timeText(episode.startedAt)],
  ["ended_at", (episode) => (episode.endedAt === null ? null : timeText(episode.endedAt))],
];

export interface ExportOptions {
  /** Every attempt, with ids and times; otherwise what counts, in which equal results give equal bytes. */
  readonly full: boolean;
}

/**
 * Rows in an order that no run decides: by agent, task and trial. Without `full` there is one for each slot with an
 * ended attempt, and nothing in it depends on when, where or in how many pieces the run was played.
 */
export function exportRows(entries: readonly Entry[], { full }: ExportOptions): ExportRow[] {
  const episodes = entries.flatMap((entry) =>
    (full ? entry.attempts : finalOf(entry)).map((episode) => ({ episode, variant: entry.variant })),
  );
  const metrics = [...new Set(episodes.flatMap(({ episode }) => Object.keys(plainMetrics(episode))))].toSorted();
  return episodes
    .toSorted((a, b) => inOrder(a.episode, b.episode))
    .map(({ episode, variant }) => {
      const own = plainMetrics(episode);
      return Object.fromEntries<Cell>([
        ...[...(full ? WHEN : []), ...WHO, ...RESULT].map(([name, of]) => [name, of(episode, variant)] as const),
        ...metrics.map((name) => [`metric_${name}`, own[name] ?? null] as const),
        ...CHECK_NAMES.map((name) => [`check_${name}`, episode.checks?.[name] ?? null] as const),
      ]);
    });
}

/** Metrics that are single values, and the flags among them. */
function plainMetrics({ metrics }: EpisodeEntry): Record<string, Cell> {
  const { flags, ...others } = metrics ?? {};
  const all = Object.entries({ ...others, ...(flags as object | undefined) });
  return Object.fromEntries(all.filter((entry): entry is [string, Cell] => isCell(entry[1])));
}

const isCell = (value: unknown): value is Cell =>
  value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string";

function inOrder(a: EpisodeEntry, b: EpisodeEntry): number {
  const [ofA, ofB] = [placeOf(a), placeOf(b)];
  const differing = ofA.findIndex((part, i) => part !== ofB[i]);
  return differing < 0 ? 0 : (ofA[differing] ?? 0) < (ofB[differing] ?? 0) ? -1 : 1;
}

/** Text by code unit, not by the language of the machine. */
const placeOf = ({ variantLabel, variantId, taskId, trial, seed, runId, attempt }: EpisodeEntry) => [
  variantLabel,
  variantId,
  taskId,
  trial,
  seed,
  runId,
  attempt,
];

/** Nothing without rows. */
export const rowsCsv = (rows: readonly ExportRow[]): string => {
  const head = Object.keys(rows[0] ?? {});
  if (head.length === 0) return "";
  return csvText(
    head,
    rows.map((row) => head.map((name) => row[name] ?? null)),
  );
};

/** One canonical line of JSON for each episode. */
export const rowsJsonl = (rows: readonly ExportRow[]): string => rows.map((row) => `${canonicalJson(row)}\n`).join("");

/** All episodes as one canonical document, under what they compare by. */
export function rowsJson(rows: readonly ExportRow[], entries: readonly Entry[]): string {
  const [first] = entries;
  const run = first?.run;
  const under =
    run === undefined
      ? {}
      : {
          suite: `${run.suite}@${run.suiteVersion}`,
          manifest_sha256: first?.suite?.manifestSha256,
          env_version: run.versions["env"],
          scoring_version: run.versions["scoring"],
          base_seed: run.baseSeed,
          salt_sha256: run.saltSha256,
          trials: run.trials,
        };
  return `${canonicalJson({ format: "oncall-gym/results@1", ...under, episodes: rows })}\n`;
}
