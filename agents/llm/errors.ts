/** Every way in which a call to a provider fails. The class alone decides about retry, breaker, run and score. */
export const PROVIDER_ERROR_CLASSES = [
  "rate_limited",
  "timeout",
  "network",
  "server",
  "bad_response",
  "empty_completion",
  "quota_exhausted",
  "auth",
  "not_found",
  "bad_request",
  "context_length",
  "content_filter",
  "aborted",
] as const;
export type ProviderErrorClass = (typeof PROVIDER_ERROR_CLASSES)[number];

/** What a failure is, and how it is to be treated. */
export interface ProviderFailure {
  readonly class: ProviderErrorClass;
  /** Whether asking again may help. */
  readonly retryable: boolean;
  /** Whether it counts for the breaker. */
  readonly counted: boolean;
  /** Whether no further request to this endpoint can succeed, so that the run halts. */
  readonly fatal: boolean;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** The provider's own code. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
}

/** A provider's failure: never the agent's result. `message` is safe to store and to show. */
export class ProviderError extends Error implements ProviderFailure {
  override readonly name = "ProviderError";
  readonly class: ProviderErrorClass;
  readonly retryable: boolean;
  readonly counted: boolean;
  readonly fatal: boolean;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, failure: ProviderFailure, options?: ErrorOptions) {
    super(message, options);
    this.class = failure.class;
    this.retryable = failure.retryable;
    this.counted = failure.counted;
    this.fatal = failure.fatal;
    this.status = failure.status;
    this.code = failure.code;
    this.retryAfterMs = failure.retryAfterMs;
    this.requestId = failure.requestId;
  }
}

/** The conversation no longer fits the model's context: the variant's own limit, so the episode is scored. */
export class ContextExceeded extends Error {
  override readonly name = "ContextExceeded";
}
