import type { PlaneLinks } from "./workplace.ts";

/** An episode that is played over the network: where, and what is done there. */
export interface OutsideEpisode {
  readonly links: PlaneLinks;
  /** Waits for the next action that is taken there. Rejects with the signal's reason when it is aborted. */
  next(signal: AbortSignal): Promise<TakenAction>;
}

/** An action as it was taken, any JSON value. */
export interface TakenAction {
  readonly action: unknown;
}
