import type { Clock } from "./clock.ts";

/** What a watchdog looks at. */
export interface WatchdogOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Working time that one turn may take, in milliseconds. */
  readonly patienceMs: number;
  /** Milliseconds that the episode has spent waiting so far. */
  readonly waitedMs: () => number;
}

/** What may be under way when a run is cut gets this long to leave off by itself, in milliseconds. */
const GRACE_MS = 5_000;

/** Watches that an agent gives a turn now and then, and that nothing outlasts a run that is cut. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #over = new AbortController();
  #since = 0;
  #waitedBefore = 0;
  /** For the agent: aborted when the run is, when a turn takes too long, and at the end. */
  readonly signal: AbortSignal;
  /** Rejects when a turn takes too long, some seconds after the run was cut, and at the end. */
  readonly stalled: Promise<never>;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#over.signal]);
    this.beat();
    this.stalled = this.#watch();
    this.stalled.catch(() => undefined); // at the end nobody races with it any more
  }

  /** A turn begins. */
  beat(): void {
    this.#since = this.#options.clock.monotonic();
    this.#waitedBefore = this.#options.waitedMs();
  }

  dispose(): void {
    this.#over.abort();
  }

  async #watch(): Promise<never> {
    const error = await this.#stall();
    this.#over.abort(error);
    throw error;
  }

  /** Resolves with why nothing more is waited for. */
  async #stall(): Promise<unknown> {
    const { clock, signal, patienceMs, waitedMs } = this.#options;
    while (!signal.aborted) {
      const worked = clock.monotonic() - this.#since - (waitedMs() - this.#waitedBefore);
      if (worked >= patienceMs) return new Error(`The agent gave no turn in ${patienceMs / 1000} s of working time.`);
      await clock.sleep(patienceMs - worked, this.signal).catch(() => this.#over.signal.throwIfAborted());
    }
    await clock.sleep(GRACE_MS, this.#over.signal);
    return signal.reason;
  }
}
