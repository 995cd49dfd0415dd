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

/**
 * A clock whose wall time never goes back: it follows what is set forward, and what is set back it passes over. For
 * waits that are reckoned from stored times, which would be waited for again otherwise.
 */
export function forwardClock(clock: Clock): Clock {
  let ahead = -Infinity;
  return {
    now: () => {
      const elapsed = clock.monotonic();
      ahead = Math.max(ahead, clock.now() - elapsed);
      return Math.floor(elapsed + ahead);
    },
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
