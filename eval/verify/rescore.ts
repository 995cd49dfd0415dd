import type { Task } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import type { EpisodeEntry, RunRecord, StepRecord } from "../../env/store/store.ts";
import { canonicalJson } from "../../env/store/trajectory.ts";
import { UsageError } from "../errors.ts";
import type { ResultReader } from "../report/reader.ts";
import { storedTasks } from "./stored-tasks.ts";
import { measured } from "./measured.ts";
import type { Measured } from "./measured.ts";
import { replay, stored } from "./replay.ts";

/** The verdict of a stored episode as this build gives it, beside the one that is stored. */
export interface Rescored {
  readonly entry: EpisodeEntry;
  readonly now: Measured;
}

/** Scored attempts whose trajectory could not be met again: their old verdict says nothing about the new score. */
export interface Unscorable {
  readonly entry: EpisodeEntry;
  readonly reason: string;
}

export interface Rescoring {
  readonly from: string;
  readonly to: string;
  readonly rescored: readonly Rescored[];
  readonly unscorable: readonly Unscorable[];
}

/**
 * Scores every scored attempt of a run again, from its stored actions, without calling a model.
 * @throws UsageError when the run was played in another environment version: its trajectories cannot be had again
 */
export async function rescoreRun(reader: ResultReader, run: RunRecord): Promise<Rescoring> {
  if (run.versions["env"] !== ENV_VERSION) {
    throw new UsageError(
      `Run ${run.runId} was played in environment ${String(run.versions["env"])}; this build replays ${ENV_VERSION} only.`,
    );
  }
  const { tasks } = storedTasks(await reader.taskSpecs(run.runId));
  const rescored: Rescored[] = [];
  const unscorable: Unscorable[] = [];
  for (const entry of await reader.episodes({ runIds: [run.runId], outcomes: ["success", "failure"] })) {
    const now = verdictNow(entry, await reader.steps(entry.episodeId), tasks.get(entry.specHash));
    if (typeof now === "string") unscorable.push({ entry, reason: now });
    else rescored.push({ entry, now });
  }
  return { from: String(run.versions["scoring"]), to: SCORING_VERSION, rescored, unscorable };
}

/** The columns of the new verdict, or why there is none. */
function verdictNow(entry: EpisodeEntry, steps: readonly StepRecord[], task: Task | undefined): Measured | string {
  if (task === undefined) return "its task's definition is not sound";
  try {
    const { verdict, trajectorySha256 } = replay(stored(entry, steps, task));
    if (verdict !== null && trajectorySha256 === entry.trajectorySha256) return measured(verdict);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return "its trajectory is another now";
}

/** An episode with the new verdict in the place of the old one, for reports; nothing stored changes. */
export const asRescored = ({ entry, now }: Rescored): EpisodeEntry => ({ ...entry, ...now });

/** One line of JSON for each attempt, in the order of play: the same run and build give the same bytes. */
export const rescoringLines = ({ rescored, to }: Rescoring): string =>
  rescored
    .map(({ entry, now }) =>
      canonicalJson({
        episode_id: entry.episodeId,
        variant: entry.variantLabel,
        task_id: entry.taskId,
        seed: entry.seed,
        scoring_version: to,
        stored: { outcome: entry.outcome, score: entry.score },
        rescored: now,
      }),
    )
    .map((line) => `${line}\n`)
    .join("");
