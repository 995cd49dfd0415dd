import { ProviderError } from "../../agents/llm/errors.ts";
import type { ProviderErrorClass, ProviderFailure } from "../../agents/llm/errors.ts";

/** What a class of error means. The class alone decides. */
interface ErrorClass {
  /** How many more attempts it is worth, within the policy's own limit. */
  readonly retries: number;
  /** Whether the circuit breaker counts it. */
  readonly counted: boolean;
  /** Whether the run halts. */
  readonly fatal: boolean;
  /** For people: what happened, and what to try. */
  readonly sentence: string;
}

const passing = (sentence: string): ErrorClass => ({ retries: Infinity, counted: true, fatal: false, sentence });
const halting = (sentence: string): ErrorClass => ({ retries: 0, counted: false, fatal: true, sentence });
const final = (sentence: string): ErrorClass => ({ retries: 0, counted: false, fatal: false, sentence });

export const errorClasses: Readonly<Record<ProviderErrorClass, ErrorClass>> = {
  rate_limited: passing("The provider limits the rate."),
  timeout: passing("The provider did not answer within the deadline."),
  network: passing("The connection failed."),
  server: passing("The provider failed."),
  bad_response: passing("The reply was no chat completion."),
  empty_completion: { ...passing("The reply held no text, call or refusal, and no tokens."), retries: 2 },
  quota_exhausted: halting("The account's allowance is used up. Look at its billing, then resume the run."),
  auth: halting("The provider refused the key. Look at the variable that api_key_env names."),
  not_found: halting("There is no such model or address. Look at model and base_url."),
  bad_request: final("The provider refused the request as it was formed. Look at the model's settings."),
  context_length: final("The conversation no longer fits into the model's context."),
  content_filter: final("The provider's content filter refused the conversation."),
  aborted: final("The call was stopped from our side."),
};

/** An error of a class. Its message is made of our own words, numbers and well-formed codes alone. */
export function providerError(failure: Pick<ProviderFailure, "class"> & Partial<ProviderFailure>): ProviderError {
  const { retries, counted, fatal, sentence } = errorClasses[failure.class];
  const { status, code, retryAfterMs } = failure;
  const facts = [
    failure.class,
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(code === undefined ? [] : [code]),
    ...(retryAfterMs === undefined ? [] : [`retry after ${retryAfterMs / 1000} s`]),
  ];
  const complete: ProviderFailure = { retryable: retries > 0, counted, fatal, ...failure };
  return new ProviderError(`${sentence} (${facts.join(", ")})`, complete);
}
