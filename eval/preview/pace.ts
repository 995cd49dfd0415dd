import { afterCall, closedGate, decide } from "../../env/store/gate.ts";
import type { GateRecord, GateRules, Hold } from "../../env/store/store.ts";

/** An episode, as far as its provider's gate cares. */
export interface PacedEpisode {
  readonly rules: GateRules;
  readonly calls: number;
}

/** Calls that are simulated; the time of more follows from theirs, as the rules repeat. */
const MOST_SIMULATED = 20_000;

/**
 * How long the episodes of one endpoint take when nothing fails: the store's own gate on a clock that jumps.
 * @param episodes in the order of play; as many at once as calls may be in flight, each one call after the other
 * @param latencyMs of every call
 * @returns milliseconds from the first start to the last finish
 */
export function paceMs(episodes: readonly PacedEpisode[], latencyMs: number): number {
  const all = episodes.reduce((sum, { calls }) => sum + calls, 0);
  if (all === 0) return 0;
  const simulated = Math.min(all, MOST_SIMULATED);
  return new Endpoint(latencyMs).play(episodes, simulated) * (all / simulated);
}

interface Flight {
  readonly callId: string;
  readonly sentAt: number;
  readonly epoch: number;
  readonly rules: GateRules;
}

/** A worker, its next call, and what is left of its episode. */
interface Worker {
  at: number;
  rules: GateRules;
  left: number;
}

class Endpoint {
  readonly #latencyMs: number;
  readonly #starts: number[] = [];
  #flights: Flight[] = [];
  #gate: GateRecord = closedGate("preview");

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  /** Plays so many calls; returns when the last of them is over. */
  play(episodes: readonly PacedEpisode[], calls: number): number {
    const waiting = episodes.filter((episode) => episode.calls > 0).values();
    const width = episodes.reduce((most, { rules }) => Math.max(most, rules.maxInFlight), 1);
    const workers = Array.from({ length: Math.min(width, calls) }, () => nextWorker(0, waiting)).filter(isBusy);
    for (let left = calls; left > 0;) {
      const worker = workers.reduce((first, other) => (other.at < first.at ? other : first));
      if (!this.#tryCall(worker)) continue;
      left -= 1;
      worker.left -= 1;
      if (worker.left === 0)
        workers.splice(workers.indexOf(worker), 1, ...[nextWorker(worker.at, waiting)].filter(isBusy));
    }
    return (this.#starts.at(-1) ?? 0) + this.#latencyMs;
  }

  /** Starts the worker's call, or puts it off until it may. */
  #tryCall(worker: Worker): boolean {
    const { rules, at } = worker;
    this.#settle(at);
    const windowStart = rules.rateLimit === 0 ? null : (this.#starts.at(-rules.rateLimit) ?? null);
    const facts = { gate: this.#gate, inFlight: this.#flights, lastStart: this.#starts.at(-1) ?? null, windowStart };
    const { gate, holds } = decide(facts, rules, { at, served: [], backoffMs: 0 });
    this.#gate = gate;
    if (holds.length > 0) {
      worker.at = at + this.#waitOf(holds, at);
      return false;
    }
    this.#flights.push({ callId: `${this.#starts.length}`, sentAt: at, epoch: gate.epoch, rules });
    this.#starts.push(at);
    worker.at = at + this.#latencyMs;
    return true;
  }

  #settle(now: number): void {
    const over = this.#flights.filter(({ sentAt }) => sentAt + this.#latencyMs <= now);
    for (const { callId, sentAt, epoch, rules } of over) {
      const end = { callId, at: sentAt + this.#latencyMs, epoch, result: "ok" as const, retryAfterMs: null };
      this.#gate = afterCall(this.#gate, rules, end).gate;
    }
    this.#flights = this.#flights.filter(({ sentAt }) => sentAt + this.#latencyMs > now);
  }

  /** What only the end of a call can end is waited for until the first call ends. */
  #waitOf(holds: readonly Hold[], now: number): number {
    const fixed = holds.filter(({ mayEndSooner }) => !mayEndSooner).map(({ ms }) => ms);
    if (fixed.length > 0) return Math.max(...fixed);
    return Math.min(...this.#flights.map(({ sentAt }) => sentAt + this.#latencyMs - now));
  }
}

function nextWorker(at: number, waiting: Iterator<PacedEpisode>): Worker | null {
  const next = waiting.next();
  return next.done === true ? null : { at, rules: next.value.rules, left: next.value.calls };
}

const isBusy = (worker: Worker | null): worker is Worker => worker !== null;
