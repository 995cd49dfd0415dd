import type { Task } from "../../env/core/task.ts";
import type { EpisodeEntry, StepRecord, VariantRecord } from "../../env/store/store.ts";
import { sha256 } from "../../env/store/trajectory.ts";
import { measured } from "./measured.ts";
import { unlessEqual } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { replay, rewardModeOf, stored } from "./replay.ts";
import type { Replay } from "./replay.ts";

/** How much of an episode this build can check: the verdict only where it scores as the run's build did. */
export type Depth = "trajectory" | "verdict";

/** An outside client's attempt of which not all that it sent could be stored: no replay can meet it. */
export const isReplayable = ({ trajectorySha256 }: EpisodeEntry, { kind }: VariantRecord): boolean =>
  kind !== "external" || trajectorySha256 !== null;

/**
 * Plays a stored attempt once more and compares everything that follows from its actions: each observation, reward and
 * flag, the hash of the trajectory, and every column of the verdict. What an agent spent or waited follows from
 * nothing and is not checked here.
 */
export function checkEpisode(
  entry: EpisodeEntry,
  steps: readonly StepRecord[],
  task: Task,
  depth: Depth = "verdict",
): Problem[] {
  const numbering = numberingOf(entry, steps);
  if (numbering.length > 0) return numbering;
  try {
    const replayed = replay(stored(entry, steps, task));
    const comparesRewards = depth === "verdict" && rewardModeOf(entry) !== "potential"; // whose discount is not stored
    return [...stepProblems(steps, replayed, comparesRewards), ...endProblems(entry, replayed, depth)];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ what: "seed", detail: error.message }];
  }
}

function numberingOf(entry: EpisodeEntry, steps: readonly StepRecord[]): Problem[] {
  const gap = steps.findIndex(({ step }, index) => step !== index + 1);
  if (gap >= 0) return [{ what: "steps", detail: `step ${gap + 1} is missing, or its number was changed` }];
  return unlessEqual("steps", steps.length, entry.steps);
}

function stepProblems(
  steps: readonly StepRecord[],
  { results, seen, leftOver }: Replay,
  comparesRewards: boolean,
): Problem[] {
  const problems = results.flatMap((result, i) => {
    const { step, observationSha256, reward, valid } = steps[i] as StepRecord;
    return [
      ...unlessEqual(`step ${step} observation`, sha256(seen[i] as string), observationSha256),
      ...unlessEqual(`step ${step} valid`, result.observation.result.status !== "invalid", valid),
      ...(comparesRewards ? unlessEqual(`step ${step} reward`, result.reward, reward) : []),
    ];
  });
  if (leftOver > 0) problems.push({ what: "steps", detail: `${leftOver} are stored after the end of the episode` });
  return problems;
}

function endProblems(entry: EpisodeEntry, { verdict, trajectorySha256 }: Replay, depth: Depth): Problem[] {
  if (!entry.scored) {
    return verdict === null ? [] : [{ what: "outcome", detail: `its steps reach the end, stored ${entry.outcome}` }];
  }
  const trajectory = unlessEqual("trajectory_sha256", trajectorySha256, entry.trajectorySha256);
  if (verdict === null) return [...trajectory, { what: "steps", detail: "the episode is not over after them" }];
  if (depth === "trajectory") return trajectory;
  const { metrics, ...columns } = measured(verdict);
  const verdictProblems = Object.entries(columns).flatMap(([name, value]) =>
    unlessEqual(name, value, entry[name as keyof typeof columns]),
  );
  // The harness may keep more beside these; what it adds follows from no trajectory.
  const metricProblems = Object.entries(metrics ?? {}).flatMap(([name, value]) =>
    unlessEqual(`metrics.${name}`, value, entry.metrics?.[name]),
  );
  return [...trajectory, ...verdictProblems, ...metricProblems];
}
