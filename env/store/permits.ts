import type { RunEventRecord } from "./episode-records.ts";
import type { GateChange, GateEnd } from "./gate.ts";
import type { CallEnd, GateRecord, NewCall, ProviderCallRecord } from "./provider-records.ts";
import type { Draft } from "./rows.ts";
import type { Permit } from "./store.ts";

/** What every store makes of a permit: the row of its call, and the event of what the breaker did. */

/** The row of a call that starts now. */
export const startedCall = (call: NewCall, at: number): Draft<ProviderCallRecord> => ({
  ...call,
  state: "in_flight",
  sentAt: at,
});

export const permitFor = (call: ProviderCallRecord, gate: GateRecord): Permit => ({
  status: "permitted",
  callId: call.callId,
  endpointKey: call.endpointKey,
  epoch: gate.epoch,
  isProbe: gate.state === "half_open",
  sentAt: call.sentAt,
});

export const gateEnd = ({ callId, epoch }: Permit, end: CallEnd): GateEnd => ({
  callId,
  at: end.finishedAt,
  epoch,
  result: end.state === "ok" ? "ok" : end.breakerCounted === true ? "counted" : "other",
  retryAfterMs: end.retryAfterMs ?? null,
});

const EVENT_OF = {
  half_opened: "breaker_probe",
  opened: "breaker_opened",
  closed: "breaker_closed",
  stale: "stale",
} as const satisfies Record<NonNullable<GateChange> | "half_opened", RunEventRecord["type"]>;

/** Null when nothing happened, or outside of a run. */
export function breakerEvent(
  runId: string | null,
  at: number,
  change: keyof typeof EVENT_OF | null,
  { endpointKey, failures, openUntil }: GateRecord,
): RunEventRecord | null {
  if (runId === null || change === null) return null;
  return { runId, at, type: EVENT_OF[change], data: { endpointKey, failures, openUntil } };
}
