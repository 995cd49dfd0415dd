import type { GateRecord, WaitCause } from "./provider-records.ts";

/**
 * When a call to an endpoint may start, and what its end does to the breaker: pure decisions over stored facts, which
 * every store makes within one transaction. Times are epoch milliseconds, durations milliseconds.
 */

/** The policy of one endpoint. */
export interface GateRules {
  /** From one call's start, and from its finish, to the next start. */
  readonly minIntervalMs: number;
  /** Starts within any window; 0 switches the window off. */
  readonly rateLimit: number;
  readonly rateWindowMs: number;
  /** Counted failures in a row that open the breaker. */
  readonly breakerThreshold: number;
  readonly breakerPauseMs: number;
  readonly maxInFlight: number;
  /** A call in flight for longer belongs to a process that has died. */
  readonly inFlightExpiryMs: number;
  readonly maxRetryAfterMs: number;
}

/** What is known of an endpoint when a call asks. */
export interface GateFacts {
  readonly gate: GateRecord;
  readonly inFlight: readonly { readonly callId: string; readonly sentAt: number }[];
  readonly lastStart: number | null;
  /** Start of the N-th last call, N the rate limit; null when there were fewer, or no limit. */
  readonly windowStart: number | null;
}

/** When a call asks, and what it has waited for already. */
export interface TakeMoment {
  readonly at: number;
  /** Keys of holds that it has sat out on a clock that does not jump. */
  readonly served: readonly string[];
  /** What is left of the request's own back-off. */
  readonly backoffMs: number;
}

/** Something that holds a call up. */
export interface Hold {
  /** Names the hold and the stored fact that it rests on, so that a caller waits for it once. */
  readonly key: string;
  readonly cause: WaitCause;
  /** Longest wait for it. Never more than its rule, since stored times may be of a wall clock that was set since. */
  readonly ms: number;
  /** Whether the end of another call may end it sooner. */
  readonly mayEndSooner: boolean;
}

export interface Decision {
  /** The gate, half open when its pause is over. */
  readonly gate: GateRecord;
  readonly halfOpened: boolean;
  /** Empty: the call may start, and is the probe of a half-open gate. */
  readonly holds: readonly Hold[];
}

/** A call that has ended, as far as the gate cares. */
export interface GateEnd {
  readonly callId: string;
  readonly at: number;
  /** The gate's when the call began. */
  readonly epoch: number;
  readonly result: "ok" | "counted" | "other";
  readonly retryAfterMs: number | null;
}

export type GateChange = "opened" | "closed" | "stale" | null;

export const closedGate = (endpointKey: string): GateRecord => ({
  endpointKey,
  state: "closed",
  failures: 0,
  epoch: 0,
  openUntil: null,
  retryAfterUntil: null,
  lastFinish: null,
  probeCallId: null,
});

/** Whether a call may start. */
export function decide(facts: GateFacts, rules: GateRules, { at, served, backoffMs }: TakeMoment): Decision {
  const standing = (holds: readonly Hold[]) => holds.filter(({ key, ms }) => ms > 0 && !served.includes(key));
  const after = (cause: WaitCause, since: number | null, lengthMs: number) =>
    since === null ? [] : [hold(cause, since, since + lengthMs - at, lengthMs)];
  const until = (cause: WaitCause, time: number | null, longestMs: number) =>
    time === null ? [] : [hold(cause, time, time - at, longestMs)];
  const untilEndOf = (cause: WaitCause, callId: string, sentAt: number): Hold => ({
    ...hold(cause, callId, sentAt + rules.inFlightExpiryMs - at, rules.inFlightExpiryMs),
    mayEndSooner: true,
  });

  const pause =
    facts.gate.state === "open" ? standing(until("breaker", facts.gate.openUntil, rules.breakerPauseMs)) : [];
  const halfOpened = facts.gate.state === "open" && pause.length === 0;
  const gate: GateRecord = halfOpened ? { ...facts.gate, state: "half_open", probeCallId: null } : facts.gate;

  const flying = standing(facts.inFlight.map(({ callId, sentAt }) => untilEndOf("in_flight", callId, sentAt)));
  const probes = facts.inFlight.filter(({ callId }) => gate.state === "half_open" && callId === gate.probeCallId);
  const holds = standing([
    ...after("gap", facts.lastStart, rules.minIntervalMs),
    ...after("gap", gate.lastFinish, rules.minIntervalMs),
    ...after("window", facts.windowStart, rules.rateWindowMs),
    ...until("retry_after", gate.retryAfterUntil, rules.maxRetryAfterMs),
    ...pause,
    ...probes.map(({ callId, sentAt }) => untilEndOf("breaker", callId, sentAt)),
    ...(flying.length >= rules.maxInFlight ? flying : []),
    hold("backoff", "own", backoffMs, backoffMs),
  ]);
  return { gate, halfOpened, holds };
}

/** A wait within its rule. The evidence is the stored fact that it rests on. */
const hold = (cause: WaitCause, evidence: string | number, ms: number, longestMs: number): Hold => ({
  key: `${cause}:${evidence}`,
  cause,
  ms: Math.min(Math.max(ms, 0), longestMs),
  mayEndSooner: false,
});

/** The gate after the end of a call. A call that began in an earlier epoch has no say about the breaker any more. */
export function afterCall(
  gate: GateRecord,
  rules: GateRules,
  { callId, at, epoch, result, retryAfterMs }: GateEnd,
): { readonly gate: GateRecord; readonly change: GateChange } {
  const retryAfterUntil =
    retryAfterMs === null ? gate.retryAfterUntil : Math.max(gate.retryAfterUntil ?? 0, at + retryAfterMs);
  const probeCallId = gate.probeCallId === callId ? null : gate.probeCallId;
  const noted: GateRecord = { ...gate, lastFinish: at, retryAfterUntil, probeCallId };

  if (epoch !== gate.epoch) return { gate: noted, change: "stale" };
  if (result === "other") return { gate: noted, change: null };
  if (result === "ok") {
    const change = gate.state === "closed" ? null : "closed";
    return { gate: { ...noted, state: "closed", failures: 0, openUntil: null }, change };
  }
  const failures = gate.failures + 1;
  if (gate.state !== "half_open" && failures < rules.breakerThreshold) {
    return { gate: { ...noted, failures }, change: null };
  }
  const openUntil = at + rules.breakerPauseMs;
  return { gate: { ...noted, state: "open", failures, openUntil, epoch: gate.epoch + 1 }, change: "opened" };
}
