import { resetBody, stepBody } from "../contract/http.ts";
import { observationText } from "../contract/text.ts";
import { IncidentEnv } from "../core/env.ts";
import type { ResetInfo, ResetOptions } from "../core/env.ts";
import type { StepResult } from "../core/episode.ts";
import { badOption } from "../core/errors.ts";
import type { Observation } from "../core/observation.ts";
import { rngFor } from "../core/rng.ts";
import { selectTask } from "../core/select.ts";
import type { Suite } from "../core/task.ts";
import type { Verdict } from "../core/verdict.ts";
import { SeedStream } from "../session/seed-stream.ts";
import { episodeIdOf } from "../session/session.ts";
import { FULL_MASK, Mask } from "./actions/mask.ts";
import { actionJson, ACTIONS } from "./actions/table.ts";
import { Observer } from "./features/observer.ts";

/** What the episodes of an environment are drawn from, how they pay, and what is kept of them. */
export interface LaneOptions {
  readonly suite: Suite;
  /** Split, difficulty, reward mode and discount of every episode. */
  readonly choice: ResetOptions;
  /** Tasks to draw from; null: all that the choice admits. */
  readonly taskIds: readonly string[] | null;
  /** Whether the last observation is kept as it goes over the wire, with its text. */
  readonly full: boolean;
}

/** Control plane: the state of a single environment, and the verdict on the last episode that ended. */
export interface LaneInfo {
  readonly state: Readonly<Record<string, unknown>>;
  readonly last_episode: Verdict | null;
}

/** One environment among many: its episode, its stream of seeds, and what its agent was shown. */
export class Lane {
  readonly observer = new Observer();
  readonly #options: LaneOptions;
  readonly #env: IncidentEnv;
  readonly #seeds = new SeedStream();
  readonly #mask = new Mask();
  #changesLeft = 0;
  #full: object | null = null;
  #lastEpisode: Verdict | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#env = new IncidentEnv(options.suite);
  }

  /**
   * Starts an episode.
   * @param seed null goes on with the stream, and keeps to it from the next reset on
   * @throws EnvError BAD_OPTION as `checkChoice` does
   */
  reset(seed: number | null, taskId: string | null): void {
    const used = seed ?? this.#seeds.next;
    const { observation, info } = this.#env.reset({ seed: used, options: choiceOf(this.#options, used, taskId) });
    this.#seeds.advance(seed ?? undefined);
    this.observer.begin(observation);
    this.#changesLeft = observation.changes_left;
    if (!this.#options.full) return;
    this.#full = resetBody({ observation: withText(observation), info: { ...info, ignored_options: [] } }).observation;
  }

  /**
   * Carries out an action: an index of the table, or any JSON value.
   * @throws EnvError NOT_RESET, EPISODE_DONE
   */
  step(action: unknown): StepResult {
    const result = this.#env.step(this.#json(action));
    const { observation, info } = result;
    this.observer.see(observation);
    this.#changesLeft = observation.changes_left;
    this.#lastEpisode = info.episode ?? this.#lastEpisode;
    if (this.#options.full) this.#full = stepBody({ ...result, observation: withText(observation) }).observation;
    return result;
  }

  /** Whether there is an episode, and whether it goes on. */
  get begun(): boolean {
    return this.#env.episode !== null;
  }

  get running(): boolean {
    return this.#env.running;
  }

  /** Actions that are valid now; all of them once the episode is over. Stays valid until the next call. */
  get mask(): Uint8Array {
    return this.running ? this.#mask.bytes(this.observer.shown, this.#changesLeft) : FULL_MASK;
  }

  /** Sum of the episode's rewards. */
  get returned(): number {
    return this.#env.episode?.track.returned ?? 0;
  }

  /** The last observation as it goes over the wire; null unless it is kept. */
  get full(): object | null {
    return this.#full;
  }

  /** Control plane: where the episode stands, and how the last one ended. */
  info(): LaneInfo {
    const state = this.#env.state();
    const episode_id = this.begun ? episodeIdOf(state as unknown as ResetInfo) : null;
    return { state: { episode_id, ...state }, last_episode: this.#lastEpisode };
  }

  /** An index outside of the table is passed on, and is invalid. */
  #json(action: unknown): unknown {
    const entry = typeof action === "number" ? ACTIONS[action] : undefined;
    return entry === undefined ? action : actionJson(entry, this.observer.shown);
  }
}

const withText = (observation: Observation) => ({ ...observation, text: observationText(observation) });

/**
 * Whether a reset would be accepted; moves nothing.
 * @throws EnvError BAD_OPTION
 */
export function checkChoice(options: LaneOptions, seed: number | null, taskId: string | null): void {
  if (seed !== null && !(Number.isSafeInteger(seed) && seed >= 0)) {
    throw badOption(`seed: expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}.`);
  }
  if (taskId !== null) selectTask(options.suite, 0, choiceOf(options, 0, taskId));
}

/** The task that was asked for, or one of the list by the seed, or whatever the split gives. */
function choiceOf({ choice, taskIds }: LaneOptions, seed: number, taskId: string | null): ResetOptions {
  const id = taskId ?? taskIds?.[Math.floor(rngFor(seed, "task", 0)() * taskIds.length)];
  return id === undefined ? choice : { ...choice, task_id: id };
}
