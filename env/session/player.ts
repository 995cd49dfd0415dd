import type { EpisodeState } from "../contract/state-schema.ts";
import type { ResetTurn, StepTurn } from "../contract/turns.ts";
import type { RequestKeys } from "./requests.ts";

/** What a client plays in: a live session, or one made for a single call, which has no requests to repeat. */
export interface Player {
  reset(options: unknown, keys?: RequestKeys): ResetTurn;
  step(action: unknown, keys?: RequestKeys): StepTurn;
  state(): EpisodeState;
  /** Drops an episode that an unexpected error left in an unknown state. */
  abandon(): void;
}
