import { createHash } from "node:crypto";
import type { SeedState } from "../contract/journal.ts";
import { readResetOptions } from "../contract/reset-options.ts";
import type { EpisodeState } from "../contract/state-schema.ts";
import { observationText } from "../contract/text.ts";
import type { AgentObservation, ResetTurn, StepTurn } from "../contract/turns.ts";
import { IncidentEnv } from "../core/env.ts";
import type { ResetInfo } from "../core/env.ts";
import type { StepResult } from "../core/episode.ts";
import { badOption } from "../core/errors.ts";
import type { Observation } from "../core/observation.ts";
import type { Suite } from "../core/task.ts";
import { SeedStream } from "./seed-stream.ts";

/**
 * One environment as a client uses it, whatever the transport: options are read from anything, seeds are continued,
 * text is added. Every call is synchronous, so requests take effect in the order in which they are made.
 */
export class Session {
  readonly #suite: Suite;
  readonly #seeds: SeedStream;
  #env: IncidentEnv;
  #episodeId: string | null = null;
  #text = true;

  constructor(suite: Suite, seeds: SeedStream = new SeedStream()) {
    this.#suite = suite;
    this.#seeds = seeds;
    this.#env = new IncidentEnv(suite);
  }

  /**
   * Starts an episode, at any time and any number of times. Options hold for this episode only.
   * @param options reset options as they came from outside
   * @throws EnvError BAD_OPTION with a sentence that lists what is valid; the running episode stays as it was
   */
  reset(options: unknown): ResetTurn {
    const read = readResetOptions(options);
    if (!read.ok) throw badOption(read.reason);
    const { seed, episode_id, text, choice, ignored } = read.request;
    const { observation, info } = this.#env.reset({ seed: seed ?? this.#seeds.next, options: choice });
    this.#seeds.advance(seed);
    this.#episodeId = episode_id ?? episodeIdOf(info);
    this.#text = text;
    const base = this.#seeds.drawnBase;
    return {
      observation: this.#shown(observation),
      info: { ...info, ignored_options: ignored, ...(base === null ? {} : { seed_base: base }) },
    };
  }

  /**
   * Carries out one action, given as any JSON value.
   * @throws EnvError NOT_RESET before the first reset, EPISODE_DONE after the end
   */
  step(action: unknown): StepTurn {
    return this.#turn(this.#env.step(action));
  }

  /** Ends the episode from the control plane. Throws as `step` does. */
  truncate(reason: string): StepTurn {
    return this.#turn(this.#env.truncate(reason));
  }

  /** Control plane: where the episode stands. */
  state(): EpisodeState {
    return { episode_id: this.#episodeId, ...(this.#env.state() as { step_count: number }) };
  }

  /** Steps of the episode so far; 0 before the first reset. */
  get stepCount(): number {
    return this.#env.episode?.track.steps ?? 0;
  }

  /** Where the stream of seeds stands. */
  get seeds(): SeedState {
    return this.#seeds.state;
  }

  /** Drops an episode that an unexpected error left in an unknown state; the next step needs a reset. */
  abandon(): void {
    this.#env = new IncidentEnv(this.#suite);
    this.#episodeId = null;
  }

  #turn(result: StepResult): StepTurn {
    const { observation, reward, terminated, truncated, info } = result;
    return { observation: this.#shown(observation), reward, terminated, truncated, info };
  }

  #shown(observation: Observation): AgentObservation {
    return this.#text ? { ...observation, text: observationText(observation) } : observation;
  }
}

/** Equal episodes have equal ids, in any process: nothing on the wire is random. */
export function episodeIdOf({ env_version, suite, task_id, seed }: ResetInfo): string {
  const key = JSON.stringify([env_version, suite, task_id, seed]);
  return `ep-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
}
