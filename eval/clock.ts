import { setTimeout as wait } from "node:timers/promises";

/** Time as the harness sees it; tests put a virtual one in its place. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for display and stored times. */
  now(): number;
  /** Milliseconds that never go back: for durations. */
  monotonic(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};
