import { z } from "zod";
import type { Draft } from "./rows.ts";
import { flag, json, sha256Hex, text, whole } from "./values.ts";

/** Calls to providers of models, and the gate that each endpoint has. Times are epoch milliseconds. */

export const CALL_STATES = ["in_flight", "ok", "failed", "lost"] as const;
export type CallState = (typeof CALL_STATES)[number];

/** `estimated`: counted by us; `missing`: unknown, which is not zero. */
export const USAGE_SOURCES = ["reported", "estimated", "missing"] as const;
export type UsageSource = (typeof USAGE_SOURCES)[number];

/** What a call may have to wait for before it is sent. */
export const WAIT_CAUSES = ["gap", "window", "breaker", "retry_after", "backoff", "in_flight"] as const;
export type WaitCause = (typeof WAIT_CAUSES)[number];

/** Milliseconds by cause; a cause that held up nothing is absent. */
export type Waits = Readonly<Partial<Record<WaitCause, number>>>;

/** What is known of a call when it is over, or lost. */
const end = {
  finishedAt: whole.nullable(),
  /** From sending to the first byte of the reply's head. */
  ttfbMs: whole.nullable(),
  /** From sending to the last byte, or to the failure. */
  latencyMs: whole.nullable(),
  modelReturned: text.nullable(),
  providerRequestId: text.nullable(),
  httpStatus: whole.nullable(),
  errorClass: text.nullable(),
  /** The provider's own code, or the socket's. */
  errorCode: text.nullable(),
  /** A sentence of ours: what a provider writes may quote a key. */
  errorMessage: text.nullable(),
  retryAfterMs: whole.nullable(),
  breakerCounted: flag.nullable(),
  finishReason: text.nullable(),
  inputTokens: whole.nullable(),
  /** Part of the input. */
  cachedTokens: whole.nullable(),
  /** Part of the input. */
  cacheWriteTokens: whole.nullable(),
  outputTokens: whole.nullable(),
  /** Part of the output. */
  reasoningTokens: whole.nullable(),
  usageSource: z.enum(USAGE_SOURCES).nullable(),
  /** Millionths of a US dollar; null when unknown. */
  costUusd: whole.nullable(),
  responseSha256: sha256Hex.nullable(),
  /** What was out of the ordinary, and accepted: by name. */
  quirks: json<readonly string[]>().nullable(),
};

/** One request sent to a provider; a repeated one is a row of its own. */
export const ProviderCallRecord = z.strictObject({
  callId: text,
  runId: text.nullable(),
  episodeId: text.nullable(),
  step: whole.nullable(),
  /** Which completion of the episode, from 1. */
  requestNo: whole,
  /** Which try at it, from 1. */
  attempt: whole,
  state: z.enum(CALL_STATES),
  endpointKey: sha256Hex,
  modelRequested: text,
  requestSha256: sha256Hex.nullable(),
  waits: json<Waits>(),
  sentAt: whole,
  ...end,
});
export type ProviderCallRecord = z.output<typeof ProviderCallRecord>;

/** A call about to be sent; the store adds when. */
export type NewCall = Draft<Omit<ProviderCallRecord, "state" | "sentAt" | keyof typeof end>>;

/** The columns that the end of a call writes. */
export const CallEnd = z.strictObject({ callId: text, state: z.enum(["ok", "failed"]), ...end, finishedAt: whole });
export type CallEnd = Draft<Omit<z.output<typeof CallEnd>, "callId">>;

export const GATE_STATES = ["closed", "open", "half_open"] as const;
export type GateState = (typeof GATE_STATES)[number];

/** The circuit breaker and the memory of one endpoint, shared by all processes that call it. */
export const GateRecord = z.strictObject({
  endpointKey: sha256Hex,
  state: z.enum(GATE_STATES),
  /** Counted failures in a row. */
  failures: whole,
  /** How often it has opened: a call of an earlier epoch no longer moves it. */
  epoch: whole,
  openUntil: whole.nullable(),
  retryAfterUntil: whole.nullable(),
  lastFinish: whole.nullable(),
  /** The call that tries, half open, whether the endpoint is back. */
  probeCallId: text.nullable(),
});
export type GateRecord = z.output<typeof GateRecord>;

/** Which calls: all conditions given must hold. */
export interface CallFilter {
  readonly runId?: string;
  readonly episodeId?: string;
  readonly endpointKey?: string;
}
