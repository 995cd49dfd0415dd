import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import type { ProviderError } from "../../agents/llm/errors.ts";
import { errorClasses, providerError } from "./error-classes.ts";
import { BodyRefused } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { ReplyFault } from "./reply-fault.ts";
import { readRetryAfter } from "./retry-after.ts";
import { classOfSocket, socketCode } from "./socket-class.ts";
import { shownCode, toldByBody, toldInBand } from "./told.ts";
import type { Told } from "./told.ts";
import { classOfTold } from "./told-class.ts";

/** What has to be known of a failure besides the error itself. */
export interface Circumstances {
  /** Why we ended the attempt ourselves, if we did. */
  readonly ended: "stopped" | "deadline" | null;
  /** What came over the wire. */
  readonly exchange: Pick<Exchange, "headers" | "text" | "requestId">;
  /** Whether a call to this model has ever succeeded. */
  readonly hadSuccess: boolean;
  readonly maxRetryAfterMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Whose trouble an exception is. Looks at why we ended the attempt, then at the library's kind of error, status and
 * codes, the socket's cause, and the shape of the reply.
 * @returns null when it is not the provider's: a mistake of ours
 */
export function classify(error: unknown, circumstances: Circumstances): ProviderError | null {
  const { text, requestId } = circumstances.exchange;
  if (circumstances.ended === "stopped") return providerError({ class: "aborted" });
  if (circumstances.ended === "deadline") return providerError({ class: "timeout", requestId });
  if (error instanceof APIUserAbortError) return providerError({ class: "aborted" });
  if (error instanceof APIConnectionTimeoutError) return providerError({ class: "timeout" });
  if (error instanceof APIConnectionError || isFetchFailure(error)) {
    return providerError({ class: classOfSocket(error, circumstances.hadSuccess), code: socketCode(error), requestId });
  }
  if (error instanceof APIError && typeof error.status === "number") {
    return toldError(toldByBody(error.status, text), circumstances);
  }
  if (error instanceof ReplyFault && error.kind === "in_band") {
    return toldError(toldInBand(error.inBand), circumstances);
  }
  if (error instanceof ReplyFault && error.kind === "empty") {
    return providerError({ class: "empty_completion", requestId });
  }
  if (error instanceof ReplyFault || error instanceof SyntaxError) {
    return providerError({ class: "bad_response", requestId });
  }
  return null;
}

/** undici's own failures are plain `TypeError`s, as mistakes of ours are. */
const isFetchFailure = (error: unknown): error is Error =>
  (error instanceof TypeError && (error.message === "terminated" || error.message === "fetch failed")) ||
  error instanceof BodyRefused;

function toldError(told: Told, circumstances: Circumstances): ProviderError {
  const { exchange, now, maxRetryAfterMs, hadSuccess } = circumstances;
  const retryAfterMs = readRetryAfter(exchange.headers, now);
  const byWords = classOfTold(told);
  const isTooLong = retryAfterMs !== null && retryAfterMs > maxRetryAfterMs;
  const named = errorClasses[byWords].retries > 0 && isTooLong ? "quota_exhausted" : byWords;
  return providerError({
    class: named,
    ...(named === "bad_request" && !hadSuccess ? { fatal: true } : {}),
    status: told.status ?? undefined,
    code: shownCode(told),
    retryAfterMs: retryAfterMs ?? undefined,
    requestId: exchange.requestId,
  });
}
