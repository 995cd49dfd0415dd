import { EnvError, badOption } from "../core/errors.ts";
import { MASK_BYTES } from "./actions/mask.ts";
import { batchLayout, recordBytes } from "./batch.ts";
import type { BatchBuffer } from "./batch.ts";
import { FEATURE_COUNT } from "./features/table.ts";
import { endingNumber, readRecords, writeRecord } from "./ended.ts";
import { checkChoice, Lane } from "./lane.ts";
import type { LaneOptions } from "./lane.ts";
import type { ResetPlan } from "./requests.ts";
import { FLAGS, NO_STEP } from "./vector-env.ts";
import type { Autoreset, EndedRecord } from "./vector-env.ts";

/** Which environments of a batch these are. */
export interface Span {
  /** Position of the first in the batch. */
  readonly first: number;
  readonly count: number;
  /** Environments of the whole batch. */
  readonly of: number;
}

/**
 * Environments side by side, stepped one after the other into a batch. Whoever drives them may stop between two: every
 * call carries out one environment.
 */
export class Lanes {
  readonly lanes: readonly Lane[];
  readonly #options: LaneOptions;
  readonly #span: Span;
  readonly #autoreset: Autoreset;
  readonly #recordsAt: number;
  readonly #recordBytes: number;
  #endedCount = 0;
  /** Last observations of episodes that ended in this batch, by environment, where they are kept with their text. */
  readonly finals = new Map<number, object>();

  constructor(options: LaneOptions, autoreset: Autoreset, span: Span) {
    this.lanes = Array.from({ length: span.count }, () => new Lane(options));
    this.#options = options;
    this.#span = span;
    this.#autoreset = autoreset;
    this.#recordBytes = recordBytes(autoreset === "same_step");
    this.#recordsAt = batchLayout(span.of).ended + this.#recordBytes * span.first;
  }

  /** Throws what a reset would be refused with; moves nothing. */
  checkReset({ seeds, taskIds, mask }: ResetPlan): void {
    this.lanes.forEach((lane, i) => {
      const env = this.#span.first + i;
      if (mask[env]) checkChoice(this.#options, seeds[env] ?? null, taskIds[env] ?? null);
      else if (!lane.begun) throw badOption(`reset_mask: environment ${env} was never reset, and is left out.`);
    });
  }

  /** Throws what a step would be refused with; moves nothing. */
  checkStep(actions: ArrayLike<unknown>): void {
    this.lanes.forEach((lane, i) => {
      if (!lane.begun) throw new EnvError("NOT_RESET");
      const env = this.#span.first + i;
      if (this.#autoreset === "disabled" && !lane.running && actions[env] !== NO_STEP)
        throw new EnvError("EPISODE_DONE");
    });
  }

  /** A batch begins: no episode has ended in it. */
  begin(): void {
    this.#endedCount = 0;
    this.finals.clear();
  }

  /** Resets one environment, or leaves it as it is. */
  reset(i: number, { seeds, taskIds, mask }: ResetPlan, batch: BatchBuffer): void {
    const env = this.#span.first + i;
    const lane = this.lanes[i] as Lane;
    if (mask[env]) lane.reset(seeds[env] ?? null, taskIds[env] ?? null);
    this.#write(batch, env, lane, 0, mask[env] ? FLAGS.first : FLAGS.idle);
  }

  /** Steps one environment, or starts its next episode. */
  step(i: number, action: unknown, batch: BatchBuffer): void {
    const env = this.#span.first + i;
    const lane = this.lanes[i] as Lane;
    if (action === NO_STEP) return this.#write(batch, env, lane, 0, FLAGS.idle);
    if (!lane.running) {
      lane.reset(null, null);
      return this.#write(batch, env, lane, 0, FLAGS.first);
    }
    const { reward, terminated, truncated, observation, info } = lane.step(action);
    const flags = observation.result.status === "invalid" ? FLAGS.invalid : 0;
    if (info.episode === undefined) return this.#write(batch, env, lane, reward, flags);
    this.#record(batch, lane, {
      env,
      score: info.episode.score,
      return: lane.returned,
      steps: info.metrics.steps ?? 0,
      ending: endingNumber(info.episode.ended),
    });
    const again = this.#autoreset === "same_step";
    if (again) lane.reset(null, null);
    this.#write(batch, env, lane, reward, again ? flags | FLAGS.first : flags);
    batch.terminated[env] = terminated ? 1 : 0;
    batch.truncated[env] = truncated ? 1 : 0;
  }

  /** Episodes that ended since `begin`. */
  ended(batch: BatchBuffer): EndedRecord[] {
    return readRecords(batch.memory, this.#recordsAt, this.#endedCount, this.#autoreset === "same_step");
  }

  get endedCount(): number {
    return this.#endedCount;
  }

  #record(batch: BatchBuffer, lane: Lane, record: Omit<EndedRecord, "finalObservation">): void {
    const final = this.#autoreset === "same_step" ? lane.observer.row : null;
    writeRecord(batch.memory, this.#recordsAt + this.#recordBytes * this.#endedCount, record, final);
    this.#endedCount += 1;
    if (lane.full !== null) this.finals.set(record.env, lane.full);
  }

  #write(batch: BatchBuffer, env: number, lane: Lane, reward: number, flags: number): void {
    batch.observations.set(lane.observer.row, FEATURE_COUNT * env);
    batch.rewards[env] = reward;
    batch.terminated[env] = 0;
    batch.truncated[env] = 0;
    batch.flags[env] = lane.running ? flags : flags | FLAGS.over;
    batch.masks.set(lane.mask, MASK_BYTES * env);
  }
}
