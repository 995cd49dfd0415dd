import type { CallEnd } from "../../env/store/store.ts";
import type { Attempt } from "./client.ts";

/** A header that some servers send for the client library to obey; the policy decides instead. */
const SHOULD_RETRY = "x-should-retry";

/** How an attempt is recorded. @param costUusd null when unknown */
export function callEnd(attempt: Attempt, finishedAt: number, costUusd: number | null): CallEnd {
  const { exchange, latencyMs, completion, error } = attempt;
  const quirks = [
    ...(completion?.quirks ?? []),
    ...(exchange.headers.get(SHOULD_RETRY) === null ? [] : [SHOULD_RETRY.replaceAll("-", "_")]),
  ];
  const wire = {
    finishedAt,
    ttfbMs: exchange.ttfbMs === null ? null : Math.round(exchange.ttfbMs),
    latencyMs,
    httpStatus: exchange.status,
    responseSha256: exchange.sha256,
    quirks: quirks.length === 0 ? null : quirks,
    costUusd,
  };
  if (error !== null) {
    return {
      ...wire,
      state: "failed",
      providerRequestId: error.requestId,
      errorClass: error.class,
      errorCode: error.code,
      errorMessage: error.message,
      retryAfterMs: error.retryAfterMs,
      breakerCounted: error.counted,
      usageSource: "missing",
    };
  }
  const { usage, reply, model } = completion;
  return {
    ...wire,
    state: "ok",
    providerRequestId: exchange.requestId,
    modelReturned: model,
    finishReason: reply.finishReason,
    breakerCounted: false,
    ...usage,
    usageSource: usage === null ? "missing" : "reported",
  };
}

/** How a call is recorded that a mistake of ours ended. */
export const brokenCall = (finishedAt: number): CallEnd => ({
  state: "failed",
  finishedAt,
  errorClass: "harness_error",
  breakerCounted: false,
  usageSource: "missing",
});
