import type { Observation, Rng } from "../env/contract/index.ts";
import type { OutsideEpisode } from "./command/outside.ts";
import type { ChatModel } from "./llm/chat-model.ts";
import type { Knowledge } from "./probes/knowledge.ts";

/**
 * One who responds to an incident. It sees observations and nothing else: no task id, seed, difficulty or reward.
 * An agent never throws for what a model or a program said: a ProviderError is the provider's failure, any other
 * exception is our bug.
 */
export interface Agent {
  /** Called once per episode, before the first `act`. */
  begin(context: AgentContext): void;
  /** Chooses the next action. `signal` is aborted when the episode must end. */
  act(observation: Observation, signal: AbortSignal): Promise<Turn>;
  /** Called once, however the episode came to its end; must not throw. `last` is null when it broke off. */
  end?(last: LastTurn | null): Promise<void>;
  /** What the harness may keep of the episode besides its steps; read after `end`. */
  remains?(): Remains | null;
}

export interface AgentContext {
  /** Keyed by run, agent and episode, so that a rerun acts alike. */
  readonly rng: Rng;
  /** Who answers a language-model agent. */
  readonly model?: ChatModel;
  /** Where an outside program plays. */
  readonly outside?: OutsideEpisode;
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

/** Why an agent plays no further. */
export type StopReason = "context_exceeded" | "time_limit" | "agent_quit";

export interface Turn {
  /** The action as JSON or text; null: nothing usable. It goes to `step` as it is and may count as invalid. */
  readonly action: unknown;
  /** The agent plays no further: no action is carried out, and the episode is scored like a used-up budget. */
  readonly stop?: StopReason;
  /** What a model said, kept with the step as a hash. */
  readonly raw?: string;
  readonly invalidReason?: InvalidReason;
  readonly assist?: "repair" | "fallback";
  /** Actions in the same reply that were not carried out. */
  readonly extraToolCalls?: number;
  /** Input and output of all calls of this turn, as far as reported. */
  readonly tokens?: number;
  /** What else is worth knowing of the step, for those who read results. */
  readonly info?: Readonly<Record<string, unknown>>;
}

/** The end of an episode, as far as an agent may know of it. */
export interface LastTurn {
  readonly observation: Observation;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** What is left of an episode that an outside program played. */
export interface Remains {
  /** What the program printed, cut to its end. */
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, and what it says of itself. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Millionths of a US dollar. */
  readonly costUusd: number | null;
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
