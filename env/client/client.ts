import type { EpisodeState, ResetOptions, ResetTurn, StepTurn } from "../contract/index.ts";

/** What a reset may be asked for; an absent option has its default. */
export interface ClientResetOptions extends Omit<ResetOptions, "gamma"> {
  /** Returned in the state; by default derived from task and seed. */
  readonly episode_id?: string;
  /** False leaves out `observation.text`; programs that read the typed data save the bytes. */
  readonly text?: boolean;
}

export interface ClientReset {
  /** Whole number, 0 … 2^53 − 1; absent: the next of the session's stream. */
  readonly seed?: number;
  readonly options?: ClientResetOptions;
}

/**
 * One session with an environment, near or far: the same task, seed and actions give equal values through every
 * implementation. Calls take effect in the order in which they are made.
 */
export interface EnvClient {
  /** Starts an episode, at any time. Rejects with EnvError BAD_OPTION; a running episode then stays. */
  reset(request?: ClientReset): Promise<ResetTurn>;
  /**
   * Carries out one action, any JSON value; an invalid one costs a step and is no rejection.
   * Rejects with EnvError NOT_RESET before the first reset, EPISODE_DONE after the end.
   */
  step(action: unknown): Promise<StepTurn>;
  /** Control plane: where the episode stands. */
  state(): Promise<EpisodeState>;
  /**
   * Ends the episode from the control plane, with the reason recorded. Absent where the protocol has no word for it:
   * then the episode is replayed near and truncated there.
   */
  truncate?(reason: string): Promise<StepTurn>;
  /** Frees the session. Twice does no harm; any other call afterwards rejects. */
  close(): Promise<void>;
}
