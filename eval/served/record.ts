import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { ResetEvent, StepEvent } from "../../env/contract/journal.ts";
import { storableAction } from "../../env/contract/storable.ts";
import type { AgentObservation } from "../../env/contract/turns.ts";
import type { NewStep, PlayedEpisode } from "../../env/store/store.ts";
import { canonicalJson, lineFrom, sha256 } from "../../env/store/trajectory.ts";
import { measured } from "../verify/measured.ts";

/** The end of an attempt, ready to be stored. */
export type End = PlayedEpisode["end"];

/** An episode of an outside client while it is played: what its record is made of. */
export class EpisodeInPlay {
  readonly taskId: string;
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly #rewardMode: string;
  readonly #began: number;
  readonly #steps: NewStep[] = [];
  readonly #hash: Hash = createHash("sha256");
  /** Whether what is stored of the actions plays the same episode again. */
  #replayable = true;

  /** @param now epoch milliseconds */
  constructor({ info, observation }: ResetEvent["turn"], now: number) {
    this.taskId = info.task_id;
    this.seed = info.seed;
    this.startedAt = now;
    this.#rewardMode = info.reward_mode;
    this.#began = performance.now();
    this.#line("null", canonicalJson(withoutText(observation)), false, false);
  }

  get hasSteps(): boolean {
    return this.#steps.length > 0;
  }

  /** Adds what happened; returns the end of the attempt if that was it. */
  add({ action, truncatedBy, turn }: StepEvent, now: number): End | null {
    const { observation, reward, terminated, truncated, info } = turn;
    const stored = storableAction(action);
    const seen = canonicalJson(withoutText(observation));
    this.#line(canonicalJson(stored), seen, terminated, truncated);
    if (truncatedBy === null) {
      this.#replayable &&= stored !== null; // no stored action stands for one that is not stored
      const valid = observation.result.status !== "invalid";
      this.#steps.push({
        step: this.#steps.length + 1,
        action: stored,
        valid,
        invalidReason: valid ? null : "schema",
        extraToolCalls: 0,
        reward,
        observationSha256: sha256(seen),
        at: now,
      });
    }
    if (info.episode === undefined) return null;
    const columns = measured(info.episode);
    return {
      ...columns,
      outcome: columns.outcome as End["outcome"],
      metrics: { ...columns.metrics, reward_mode: this.#rewardMode },
      ...this.#spent(now),
      trajectorySha256: this.#replayable ? this.#hash.digest("hex") : null,
    };
  }

  /** The end of an attempt that measured nothing. */
  broken(outcome: "abandoned" | "cancelled" | "harness_error", now: number): End {
    const invalid = this.#steps.filter(({ valid }) => !valid).length;
    return {
      outcome,
      errorClass: outcome,
      invalidActions: invalid,
      repeatedActions: 0,
      changes: 0,
      wrongChanges: 0,
      distractorChanges: 0,
      ...this.#spent(now),
    };
  }

  #spent(now: number) {
    const wallMs = Math.round(performance.now() - this.#began);
    return { ...NO_CALLS, wallMs, workingMs: wallMs, waitingMs: 0, endedAt: now, steps: this.#steps };
  }

  #line(action: string, observation: string, terminated: boolean, truncated: boolean): void {
    this.#hash.update(`${lineFrom(action, observation, terminated, truncated)}\n`);
  }
}

/** What models an outside client calls, nobody knows here. */
const NO_CALLS = { providerCalls: 0, providerFailures: 0, costComplete: false } as const;

/** As the harness stores it: the text says the same again. */
function withoutText({ text: _text, ...observation }: AgentObservation): object {
  return observation;
}
