import pRetry from "p-retry";
import { ProviderError } from "../../agents/llm/errors.ts";
import { rngFor } from "../../env/core/rng.ts";
import { errorClasses } from "./error-classes.ts";

/** Longest own back-off between two attempts. */
const MAX_BACKOFF_MS = 30_000;

/** After these the provider is given time, where it does not say itself how much. */
const BACKED_OFF = new Set(["server", "network", "rate_limited"]);

/**
 * Tries until an attempt succeeds, its error is not worth another one, or none is left. Waiting is the gate's matter:
 * the library only counts.
 * @param attempt gets its number, from 1. What it throws that is no ProviderError is thrown on at once
 */
export function withRetries<Result>(attempt: (number: number) => Promise<Result>, maxRetries: number): Promise<Result> {
  const failures = new Map<string, number>();
  return pRetry(attempt, {
    retries: maxRetries,
    minTimeout: 0,
    factor: 1,
    shouldRetry: ({ error }) => {
      if (!(error instanceof ProviderError) || !error.retryable) return false;
      const count = (failures.get(error.class) ?? 0) + 1;
      failures.set(error.class, count);
      // One that is retryable although its class is not is worth a single further attempt.
      return count <= (errorClasses[error.class].retries || 1);
    },
  });
}

/**
 * How long a request waits of its own accord after a failed attempt: 2ⁿ s up to 30 s, of which a keyed draw takes up to
 * half away, so that requests which failed together do not come back together.
 * @param request names the request among all, and with it the draw
 * @param attempt the one that failed, from 1
 * @returns milliseconds
 */
export function backoffMs(error: ProviderError, request: string, attempt: number): number {
  if (!BACKED_OFF.has(error.class) || error.retryAfterMs !== undefined) return 0;
  const full = Math.min(2 ** attempt * 1000, MAX_BACKOFF_MS);
  return Math.round(full * (1 - rngFor(0, `backoff/${request}`, attempt)() / 2));
}
