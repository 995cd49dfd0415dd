import type { ProviderError } from "../../agents/llm/errors.ts";
import type {
  CallEnd,
  GateRules,
  Hold,
  NewCall,
  Permit,
  ResultStore,
  Settled,
  WaitCause,
  Waits,
} from "../../env/store/store.ts";
import type { Clock } from "../clock.ts";
import { providerError } from "./error-classes.ts";

/** Longest sleep between two looks at what may stop a wait, and at calls of other processes. */
const SLICE_MS = 1000;

/** Why a call waits, for progress. */
export interface GateWait {
  readonly endpointKey: string;
  readonly cause: WaitCause;
  /** Until it may be over, in milliseconds. */
  readonly ms: number;
}

export interface GateOptions {
  readonly store: Pick<ResultStore, "takePermit" | "settlePermit">;
  readonly clock: Clock;
  /** Looked at in every slice of every wait: a word such as `pause` or `budget` ends it, null lets it go on. */
  readonly stop?: (() => string | null) | undefined;
  readonly onWait?: ((wait: GateWait) => void) | undefined;
}

/** When a call may start besides the rules of its endpoint. */
export interface TakeOptions {
  readonly rules: GateRules;
  /** On the monotonic clock: the request's own back-off. */
  readonly notBefore: number;
  readonly signal: AbortSignal;
}

/**
 * Lets calls to providers through, one process among several: the rules are kept by the store, the waiting is done
 * here. One for a process, so that the end of a call wakes those that wait for it.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #sleepers = new Map<string, Set<AbortController>>();
  /** Calls that have ended: one that ends between a look and the sleep after it must not be missed. */
  #ended = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Waits until the call may start. Every hold is waited for once, on the monotonic clock: a wall clock that is set
   * makes no wait longer, double or endless.
   * @throws ProviderError `aborted` when signal or `stop` end the wait
   */
  async take(call: Omit<NewCall, "waits">, { rules, notBefore, signal }: TakeOptions): Promise<TakenPermit> {
    const { store, clock } = this.#options;
    const servedAt = new Map<string, number>();
    const waited = new Map<WaitCause, number>();
    for (;;) {
      this.#assertGoing(signal);
      const now = clock.monotonic();
      const served = [...servedAt].filter(([, at]) => at <= now).map(([key]) => key);
      const moment = { at: clock.now(), served, backoffMs: Math.ceil(Math.max(0, notBefore - now)) };
      const waits = asWaits(waited);
      const ended = this.#ended;
      const answer = await store.takePermit({ ...call, waits }, rules, moment);
      if (answer.status === "permitted") return { permit: answer, waits };
      for (const { key, ms } of answer.holds) if (!servedAt.has(key)) servedAt.set(key, now + ms);
      const { cause, ms, isWakeable } = nextWait(answer.holds, servedAt, now);
      this.#options.onWait?.({ endpointKey: call.endpointKey, cause, ms });
      const isStale = isWakeable && ended !== this.#ended;
      if (!isStale) await this.#sleep(ms, isWakeable ? call.endpointKey : null, signal);
      waited.set(cause, (waited.get(cause) ?? 0) + clock.monotonic() - now);
    }
  }

  async settle(permit: Permit, rules: GateRules, end: CallEnd): Promise<Settled> {
    const settled = await this.#options.store.settlePermit(permit, rules, end);
    this.#ended += 1;
    for (const sleeper of this.#sleepers.get(permit.endpointKey) ?? []) sleeper.abort();
    return settled;
  }

  /** Sleeps in slices. With an endpoint, the end of one of its calls ends the sleep. */
  async #sleep(ms: number, wokenBy: string | null, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const woken = new AbortController();
    const sleepers = wokenBy === null ? null : this.#sleepersOf(wokenBy);
    sleepers?.add(woken);
    try {
      const either = AbortSignal.any([signal, woken.signal]);
      const until = clock.monotonic() + ms;
      while (!woken.signal.aborted) {
        this.#assertGoing(signal);
        const left = until - clock.monotonic();
        if (left <= 0) return;
        await clock.sleep(Math.min(Math.ceil(left), SLICE_MS), either).catch((error: unknown) => {
          if (!either.aborted) throw error;
        });
      }
    } finally {
      sleepers?.delete(woken);
    }
  }

  #sleepersOf(endpointKey: string): Set<AbortController> {
    const known = this.#sleepers.get(endpointKey) ?? new Set<AbortController>();
    this.#sleepers.set(endpointKey, known);
    return known;
  }

  #assertGoing(signal: AbortSignal): void {
    const why = stopReason(signal, this.#options.stop);
    if (why !== null) throw why;
  }
}

export interface TakenPermit {
  readonly permit: Permit;
  readonly waits: Waits;
}

function stopReason(signal: AbortSignal, stop: GateOptions["stop"]): ProviderError | null {
  if (signal.aborted) return providerError({ class: "aborted" });
  const word = stop?.() ?? null;
  return word === null ? null : providerError({ class: "aborted", code: word });
}

/** Waits of a known length are sat out first; what only another call can end is looked at again and again. */
function nextWait(holds: readonly Hold[], servedAt: ReadonlyMap<string, number>, now: number) {
  const left = holds.map((hold) => ({ ...hold, left: (servedAt.get(hold.key) ?? now) - now }));
  const fixed = left.filter(({ mayEndSooner, left: ms }) => !mayEndSooner && ms > 0);
  const candidates = fixed.length > 0 ? fixed : left;
  const longest = candidates.reduce((a, b) => (b.left > a.left ? b : a));
  const isWakeable = fixed.length === 0;
  const ms = isWakeable ? Math.min(Math.max(longest.left, 1), SLICE_MS) : longest.left;
  return { cause: longest.cause, ms, isWakeable };
}

const asWaits = (waited: ReadonlyMap<WaitCause, number>): Waits =>
  Object.fromEntries([...waited].flatMap(([cause, ms]) => (ms >= 0.5 ? [[cause, Math.round(ms)]] : [])));
