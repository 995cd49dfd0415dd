import { act, beginEpisode, firstObservation, truncateEpisode } from "../../env/core/episode.ts";
import type { Episode, StepResult } from "../../env/core/episode.ts";
import { REWARD_MODES } from "../../env/core/reward.ts";
import type { RewardMode } from "../../env/core/reward.ts";
import type { Task } from "../../env/core/task.ts";
import type { Verdict } from "../../env/core/verdict.ts";
import { TERMINAL_REASONS } from "../../env/store/episode-records.ts";
import type { EpisodeEntry, StepRecord, TerminalReason } from "../../env/store/store.ts";
import { canonicalJson, lineFrom, trajectoryHash } from "../../env/store/trajectory.ts";

/** What is played again. */
export interface ReplayRequest {
  readonly task: Task;
  readonly seed: number;
  /** As they are stored: any JSON value, null where the agent gave nothing usable. */
  readonly actions: readonly unknown[];
  /** Why the harness cut the episode after these actions; null when it did not. */
  readonly cutBy: TerminalReason | null;
  /** How rewards were paid out; the harness's own way when absent. */
  readonly rewardMode?: RewardMode;
  readonly watch?: ReplayWatch;
}

/** Called with the hidden side open: at the page, and around each action. */
export interface ReplayWatch {
  readonly begin: (episode: Episode) => void;
  readonly before: (episode: Episode) => void;
  readonly after: (episode: Episode, result: StepResult) => void;
}

export interface Replay {
  /** One for each action that was carried out. */
  readonly results: readonly StepResult[];
  /** The observation of each result, as canonical JSON. */
  readonly seen: readonly string[];
  readonly trajectorySha256: string;
  /** Null when the episode is not over after its actions. */
  readonly verdict: Verdict | null;
  /** Actions that are stored after the end. */
  readonly leftOver: number;
}

/** The mode that the harness plays in: its rewards sum to the score. */
const HARNESS_MODE: RewardMode = "telescoped";
/** Only potential rewards have one, and it is not stored. */
const NO_DISCOUNT = 1;

/**
 * Carries stored actions out once more, through the pure core alone: no agent, no model, no clock.
 * @throws RangeError for a seed at which the task has no sound instance
 */
export function replay({ task, seed, actions, cutBy, watch, rewardMode = HARNESS_MODE }: ReplayRequest): Replay {
  const episode = beginEpisode(task, seed, rewardMode, NO_DISCOUNT);
  watch?.begin(episode);
  const lines = [lineFrom("null", canonicalJson(firstObservation(episode)), false, false)];
  const results: StepResult[] = [];
  const seen: string[] = [];
  for (const stored of actions) {
    if (episode.verdict !== null) break;
    const action = stored ?? "";
    watch?.before(episode);
    const result = act(episode, action);
    watch?.after(episode, result);
    const observation = canonicalJson(result.observation);
    results.push(result);
    seen.push(observation);
    lines.push(lineOf(action, observation, result));
  }
  if (episode.verdict === null && cutBy !== null) {
    const cut = truncateEpisode(episode, cutBy);
    lines.push(lineOf(null, canonicalJson(cut.observation), cut));
  }
  return {
    results,
    seen,
    trajectorySha256: trajectoryHash(lines),
    verdict: episode.verdict,
    leftOver: actions.length - results.length,
  };
}

/** Writing an observation out costs more than anything else in a replay, so that it is done once. */
const lineOf = (action: unknown, observation: string, { terminated, truncated }: StepResult): string =>
  lineFrom(canonicalJson(action), observation, terminated, truncated);

/** An attempt that is stored, ready to be played again. */
export const stored = (
  entry: Pick<EpisodeEntry, "seed" | "terminalReason" | "metrics">,
  steps: readonly StepRecord[],
  task: Task,
): ReplayRequest => ({
  task,
  seed: entry.seed,
  actions: steps.map(({ action }) => action),
  cutBy: entry.terminalReason !== null && isCut(entry.terminalReason) ? entry.terminalReason : null,
  rewardMode: rewardModeOf(entry),
});

/** Outside clients may choose theirs, which is then kept with the metrics. */
export const rewardModeOf = ({ metrics }: Pick<EpisodeEntry, "metrics">): RewardMode =>
  REWARD_MODES.find((mode) => mode === metrics?.["reward_mode"]) ?? HARNESS_MODE;

/** Whether the harness ended the episode, and not the environment. */
const isCut = (reason: TerminalReason): boolean => !BY_ENVIRONMENT.includes(reason);
const BY_ENVIRONMENT: readonly TerminalReason[] = TERMINAL_REASONS.slice(0, 3);
