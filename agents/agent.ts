import type { Observation, Rng } from "../env/contract/index.ts";
import type { Knowledge } from "./probes/knowledge.ts";

/**
 * One who responds to an incident. It sees observations and nothing else: no task id, seed, difficulty or reward.
 * An agent never throws for what a model said; an exception is our bug.
 */
export interface Agent {
  /** Called once per episode, before the first `act`. */
  begin(context: AgentContext): void;
  /** Chooses the next action. `signal` is aborted when the episode must end. */
  act(observation: Observation, signal: AbortSignal): Promise<Turn>;
}

export interface AgentContext {
  /** Keyed by run, agent and episode, so that a rerun acts alike. */
  readonly rng: Rng;
  /** The answer; given by the harness to those alone whose kind needs it. */
  readonly reference?: Reference;
  /** What a probe needs to be told; given by the harness to probes alone. */
  readonly knowledge?: Partial<Knowledge>;
}

/** Why a turn holds no usable action. */
export type InvalidReason =
  | "unparseable"
  | "unknown_tool"
  | "bad_json"
  | "schema"
  | "truncated"
  | "no_action"
  | "refusal"
  | "filtered";

export interface Turn {
  /** The action as JSON or text; null: nothing usable. It goes to `step` as it is and may count as invalid. */
  readonly action: unknown;
  /** What a model said, kept with the step. */
  readonly raw?: string;
  readonly invalidReason?: InvalidReason;
  readonly assist?: "repair" | "fallback";
  readonly extraToolCalls?: number;
}

/** What the expert plays: where to look, what to change, how to close. Actions in text form. */
export interface Reference {
  readonly looks: readonly string[];
  /** Changes in order; a number is a wait of that many looks. */
  readonly fix: readonly (string | number)[];
  /** Where to look whether it worked. */
  readonly verify: string;
  readonly close: string;
  /** Looks after the fix until it is green. */
  readonly patience: number;
}
