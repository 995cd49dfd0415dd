import type { ResetInfo } from "../core/env.ts";
import type { StepInfo } from "../core/episode.ts";
import type { Observation } from "../core/observation.ts";

/** What an agent sees: the core's observation and, unless a reset declined it, the same content as text. */
export interface AgentObservation extends Observation {
  readonly text?: string;
}

/** Control plane: what was reset, and which options meant nothing. */
export interface SessionInfo extends ResetInfo {
  /** Names of the options that no reset knows, in the order in which they came. */
  readonly ignored_options: readonly string[];
  /** After a reset without a seed on a session that was never given one: what its seeds are drawn from. */
  readonly seed_base?: number;
}

/** What a reset gives back. */
export interface ResetTurn {
  readonly observation: AgentObservation;
  readonly info: SessionInfo;
}

/** What a step gives back, under Gymnasium's five names. */
export interface StepTurn {
  readonly observation: AgentObservation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: StepInfo;
}
