import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import type { EpisodeEntry, RunRecord } from "../../env/store/store.ts";
import type { ResultReader } from "../report/reader.ts";
import { checkEpisode, isReplayable } from "./check-episode.ts";
import { storedTasks } from "./stored-tasks.ts";
import { knowsSalt } from "./salt.ts";
import { checkPlan } from "./check-plan.ts";
import type { StoredPlan } from "./check-plan.ts";
import type { Problem } from "./problem.ts";

/** What replaying a run showed. */
export interface Verification {
  readonly runId: string;
  /** Attempts that were played again, scored or not. */
  readonly replayed: number;
  /** Scored attempts among them. */
  readonly scored: number;
  /** Of suite, tasks, variants, slots and seeds. */
  readonly problems: readonly Problem[];
  /** Attempts that are not as their actions make them, in the order of play. */
  readonly mismatches: readonly Mismatch[];
  /** What could not be checked, and why; nothing of it is a mismatch. */
  readonly notes: readonly string[];
}

export interface Mismatch {
  readonly episodeId: string;
  readonly variant: string;
  readonly taskId: string;
  readonly seed: number;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  /** Of the run's seeds, where they are private; empty otherwise. */
  readonly salt?: string;
  readonly onEpisode?: (done: number, total: number) => void;
}

/** Whether nothing was found amiss. */
export const isSound = ({ problems, mismatches }: Verification): boolean =>
  problems.length === 0 && mismatches.length === 0;

/**
 * Replays every stored attempt of a run and compares. A run of another environment version cannot be replayed by this
 * build, and counts as a problem; one of another scoring version is compared up to its trajectories.
 */
export async function verifyRun(
  reader: ResultReader,
  run: RunRecord,
  { salt = "", onEpisode }: VerifyOptions = {},
): Promise<Verification> {
  const plan = await planOf(reader, run);
  const { tasks, problems: taskProblems } = storedTasks(plan.taskSpecs);
  const problems = [...versionProblems(run), ...taskProblems, ...checkPlan(plan, salt)];
  const variants = new Map(plan.variants.map((variant) => [variant.variantId, variant]));
  const attempts = run.versions["env"] === ENV_VERSION ? plan.episodes.filter(({ outcome }) => outcome !== null) : [];
  const ended = attempts.filter((entry) => {
    const variant = variants.get(entry.variantId);
    return variant === undefined || isReplayable(entry, variant);
  });
  const depth = run.versions["scoring"] === SCORING_VERSION ? "verdict" : "trajectory";
  const mismatches: Mismatch[] = [];
  for (const [i, entry] of ended.entries()) {
    const task = tasks.get(entry.specHash);
    const found =
      task === undefined
        ? [{ what: "task", detail: "its definition is not sound" }]
        : checkEpisode(entry, await reader.steps(entry.episodeId), task, depth);
    if (found.length > 0) mismatches.push(mismatchOf(entry, found));
    onEpisode?.(i + 1, ended.length);
  }
  return {
    runId: run.runId,
    replayed: ended.length,
    scored: ended.filter(({ scored }) => scored).length,
    problems,
    mismatches,
    notes: notesOf(run, salt, attempts.length - ended.length),
  };
}

async function planOf(reader: ResultReader, run: RunRecord): Promise<StoredPlan> {
  const { runId } = run;
  return {
    run,
    suite: await reader.suite(run.suite, run.suiteVersion),
    variants: await reader.variants(runId),
    taskSpecs: await reader.taskSpecs(runId),
    slots: await reader.slots(runId),
    episodes: await reader.episodes({ runIds: [runId] }),
  };
}

function versionProblems({ versions }: RunRecord): Problem[] {
  const recorded = versions["env"];
  if (recorded === ENV_VERSION) return [];
  const detail = `recorded under ${String(recorded)}, this build is ${ENV_VERSION} and replays no other`;
  return [{ what: "environment version", detail }];
}

function notesOf(run: RunRecord, salt: string, unreplayable: number): string[] {
  const scoring = run.versions["scoring"];
  return [
    ...(unreplayable === 0
      ? []
      : [`${unreplayable} attempts of outside clients were not replayed: not all that they sent could be stored.`]),
    ...(knowsSalt(run, salt)
      ? []
      : ["The seeds have a private salt: how they were derived was not checked. Set ONCALL_SEED_SALT."]),
    ...(scoring === SCORING_VERSION
      ? []
      : [
          `Scored under ${String(scoring)}, this build scores as ${SCORING_VERSION}: trajectories were compared, verdicts were not. See oncall rescore.`,
        ]),
  ];
}

const mismatchOf = (
  { episodeId, variantLabel, taskId, seed }: EpisodeEntry,
  problems: readonly Problem[],
): Mismatch => ({ episodeId, variant: variantLabel, taskId, seed, problems });
