import {
  act,
  beginEpisode,
  changesLeft,
  firstObservation,
  metricsSoFar,
  stepsLeft,
  truncateEpisode,
} from "./episode.ts";
import type { Episode, StepResult } from "./episode.ts";
import { EnvError } from "./errors.ts";
import type { Observation } from "./observation.ts";
import { DEFAULT_GAMMA } from "./reward.ts";
import type { RewardMode } from "./reward.ts";
import { selectTask } from "./select.ts";
import type { Selected, TaskChoice } from "./select.ts";
import { suiteId } from "./task.ts";
import type { Suite } from "./task.ts";
import { TICK_SECONDS } from "./time.ts";
import { ENV_VERSION, SCORING_VERSION } from "./version.ts";

export interface ResetOptions extends TaskChoice {
  readonly reward_mode?: RewardMode;
  /** Discount of the `potential` mode. */
  readonly gamma?: number;
}

/** Control plane: what was reset. */
export interface ResetInfo {
  readonly task_id: string;
  readonly suite: string;
  readonly split: string;
  readonly index: number;
  readonly seed: number;
  readonly attempt: number;
  readonly difficulty: string;
  readonly env_version: string;
  readonly scoring_version: string;
  readonly reward_mode: RewardMode;
}

/**
 * The incident as a gym-style environment: `reset`, then `step` until terminated or truncated. Pure: the same suite,
 * seed, options and actions give the same bytes everywhere.
 */
export class IncidentEnv {
  readonly suite: Suite;
  #episode: Episode | null = null;
  #selected: Selected | null = null;

  constructor(suite: Suite) {
    this.suite = suite;
  }

  /**
   * Starts an episode.
   * @param seed whole number, 0 … 2^53 − 1
   * @throws EnvError BAD_OPTION; the running episode then stays as it was
   */
  reset({ seed, options = {} }: { seed: number; options?: ResetOptions }): {
    observation: Observation;
    info: ResetInfo;
  } {
    const selected = selectTask(this.suite, seed, options);
    const episode = beginEpisode(
      selected.task,
      seed,
      options.reward_mode ?? "telescoped",
      options.gamma ?? DEFAULT_GAMMA,
    );
    this.#selected = selected;
    this.#episode = episode;
    return { observation: firstObservation(episode), info: this.#resetInfo(episode, selected) };
  }

  /**
   * Carries out one action, given as any JSON value; what is no valid action costs a step and changes nothing.
   * @throws EnvError NOT_RESET before the first reset, EPISODE_DONE after the end
   */
  step(action: unknown): StepResult {
    return act(this.#running(), action);
  }

  /** Ends the episode from the control plane: scored like a used-up step budget, with the reason recorded. */
  truncate(reason: string): StepResult {
    return truncateEpisode(this.#running(), reason);
  }

  /** Whether an episode is running. */
  get running(): boolean {
    return this.#episode !== null && this.#episode.verdict === null;
  }

  /** The episode itself, for tools on the control plane that replay and draw; null before the first reset. */
  get episode(): Episode | null {
    return this.#episode;
  }

  /** Control plane: where the episode stands. Before its end nothing in here names the cause. */
  state(): Record<string, unknown> {
    const episode = this.#episode;
    const selected = this.#selected;
    if (episode === null || selected === null) return { step_count: 0 };
    const { track, verdict, instance } = episode;
    return {
      step_count: track.steps,
      ...this.#resetInfo(episode, selected),
      elapsed_s: (episode.state.tick - instance.pageTick) * TICK_SECONDS,
      steps_left: stepsLeft(episode),
      changes_left: changesLeft(episode),
      terminated: verdict !== null && track.truncatedBy === null,
      truncated: track.truncatedBy !== null,
      return: Math.round(track.returned * 1e9) / 1e9,
      metrics: metricsSoFar(track),
      episode: verdict,
    };
  }

  #running(): Episode {
    if (this.#episode === null) throw new EnvError("NOT_RESET");
    if (this.#episode.verdict !== null) throw new EnvError("EPISODE_DONE");
    return this.#episode;
  }

  #resetInfo(episode: Episode, { task, split, index }: Selected): ResetInfo {
    return {
      task_id: task.id,
      suite: suiteId(this.suite),
      split,
      index,
      seed: episode.instance.seed,
      attempt: episode.instance.attempt,
      difficulty: task.difficulty,
      env_version: ENV_VERSION,
      scoring_version: SCORING_VERSION,
      reward_mode: episode.rewardMode,
    };
  }
}
