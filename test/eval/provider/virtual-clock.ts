import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../../eval/clock.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when everybody sleeps: hours in milliseconds, and exact. */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #wall: number;
  #timers: Timer[] = [];

  constructor(wall = Date.UTC(2026, 10, 20)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** Sets the wall clock, as an administrator does; durations do not notice. */
  setWall(byMs: number): void {
    this.#wall += byMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`A sleep of ${ms} ms.`);
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const timer: Timer = { at: this.#elapsed + ms, wake };
      this.#timers.push(timer);
      signal?.addEventListener("abort", stop);
      if (signal?.aborted === true) stop();
    });
  }

  /**
   * Lets time pass until the work is done.
   * @param isBusy true while something real is under way, such as a request on a socket: time stands still then
   */
  async run<Result>(work: Promise<Result>, isBusy: () => boolean = () => false): Promise<Result> {
    const done = { is: false };
    const finish = () => {
      done.is = true;
    };
    work.then(finish, finish);
    for (;;) {
      await turn();
      await turn();
      if (done.is) return work;
      if (isBusy()) await pause(1);
      else this.#wakeNext();
    }
  }

  /** One timer at a time, the earliest first, those of one moment in the order set. */
  #wakeNext(): void {
    const [first, ...others] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (first === undefined) return;
    this.#timers = others;
    this.#elapsed = Math.max(this.#elapsed, first.at);
    first.wake();
  }
}
