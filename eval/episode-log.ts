import type { Turn } from "../agents/agent.ts";
import type { Observation, StepTurn } from "../env/contract/index.ts";
import type { NewStep } from "../env/store/store.ts";
import { canonicalJson, lineFrom, rewardsHash, sha256, trajectoryHash } from "../env/store/trajectory.ts";
import type { Clock } from "./clock.ts";

/** A turn that was carried out, or is to be. */
export type PlayedTurn = Omit<Turn, "stop">;

/** What is kept of an episode while it is played. */
export class EpisodeLog {
  readonly #clock: Clock;
  readonly #lines: string[];
  readonly #steps: NewStep[] = [];
  /** What the agent sees now. */
  observation: Observation;
  /** Invalid actions since the last valid one. */
  invalidStreak = 0;
  /** Input and output of all calls to models, as far as reported. */
  tokens = 0;

  constructor(page: Observation, clock: Clock) {
    this.#clock = clock;
    this.#lines = [lineFrom("null", canonicalJson(page), false, false)];
    this.observation = page;
  }

  /** A turn that was carried out. */
  add(turn: PlayedTurn, result: StepTurn): void {
    const { observation } = result;
    const seen = canonicalJson(observation);
    this.#line(turn.action ?? "", seen, result);
    this.#steps.push(stepRecord(this.#steps.length + 1, turn, result, seen, this.#clock.now()));
    this.observation = observation;
    this.invalidStreak = observation.result.status === "invalid" ? this.invalidStreak + 1 : 0;
    this.tokens += turn.tokens ?? 0;
  }

  /** The episode was ended from outside, which is no step. */
  cut(result: StepTurn): StepTurn {
    this.#line(null, canonicalJson(result.observation), result);
    return result;
  }

  /** Actions as they were carried out. */
  get actions(): unknown[] {
    return this.#steps.map(({ action }) => action ?? "");
  }

  result() {
    return {
      steps: this.#steps,
      trajectorySha256: trajectoryHash(this.#lines),
      rewardsSha256: rewardsHash(this.#steps.map(({ reward }) => reward)),
    };
  }

  /** @param seen the observation as canonical JSON, which costs the most of all that is kept, and is written once */
  #line(action: unknown, seen: string, { terminated, truncated }: StepTurn): void {
    this.#lines.push(lineFrom(canonicalJson(action), seen, terminated, truncated));
  }
}

function stepRecord(
  step: number,
  turn: PlayedTurn,
  { observation, reward }: StepTurn,
  seen: string,
  at: number,
): NewStep {
  const valid = observation.result.status !== "invalid";
  return {
    step,
    action: turn.action ?? null,
    valid,
    invalidReason: valid ? null : (turn.invalidReason ?? "schema"),
    assist: turn.assist ?? null,
    rawSha256: turn.raw === undefined ? null : sha256(turn.raw),
    extraToolCalls: turn.extraToolCalls ?? 0,
    reward,
    observationSha256: sha256(seen),
    info: turn.info ?? null,
    at,
  };
}
