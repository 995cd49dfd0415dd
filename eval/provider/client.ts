import OpenAI from "openai";
import { ProviderError } from "../../agents/llm/errors.ts";
import type { Clock } from "../clock.ts";
import { classify } from "./classify.ts";
import type { ModelEntry } from "./config.ts";
import { Exchange } from "./exchange.ts";
import { redactDeep } from "./redact.ts";
import type { Redact } from "./redact.ts";
import { readReply } from "./reply.ts";
import type { Completion } from "./reply.ts";
import type { Secret } from "./secret.ts";
import type { WireRequest } from "./wire.ts";

export interface ClientOptions {
  readonly entry: ModelEntry;
  /** Null: no key is sent. */
  readonly key: Secret | null;
  readonly dispatcher: unknown;
  readonly clock: Clock;
  /** For head and body together, in milliseconds. */
  readonly deadlineMs: number;
  readonly maxRetryAfterMs: number;
  readonly redact: Redact;
}

/** One attempt: a completion, or the provider's error, without any key, and what came over the wire either way. */
export type Attempt = { readonly exchange: Exchange; readonly latencyMs: number } & (
  | { readonly completion: Completion; readonly error: null }
  | { readonly completion: null; readonly error: ProviderError }
);

export interface AttemptRequest {
  readonly body: WireRequest;
  readonly hadSuccess: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends one request once.
 * @throws what is not the provider's: a mistake of ours
 */
export async function sendOnce(
  { entry, key, dispatcher, clock, deadlineMs, maxRetryAfterMs, redact }: ClientOptions,
  { body, hadSuccess, signal }: AttemptRequest,
): Promise<Attempt> {
  const exchange = new Exchange({ clock, dispatcher });
  const client = chatClient(entry, key, exchange.fetch, deadlineMs);
  const deadline = AbortSignal.timeout(deadlineMs);
  const began = clock.monotonic();
  const latency = () => Math.max(0, Math.round(clock.monotonic() - began));
  try {
    const either = AbortSignal.any([signal, deadline]);
    const reply: unknown = await client.post("/chat/completions", { body, signal: either });
    return { exchange, latencyMs: latency(), completion: redactDeep(readReply(reply), redact), error: null };
  } catch (thrown) {
    const ended = signal.aborted ? "stopped" : deadline.aborted ? "deadline" : null;
    const error = classify(thrown, { ended, exchange, hadSuccess, maxRetryAfterMs, now: clock.now() });
    if (error === null) throw thrown;
    return { exchange, latencyMs: latency(), completion: null, error: redactedError(error, redact) };
  }
}

/** Codes and ids are the provider's own words. */
function redactedError({ message, ...failure }: ProviderError, redact: Redact): ProviderError {
  return new ProviderError(redact(message), redactDeep(failure, redact));
}

/** Longer than the deadline, so that there is one reason for a call to end. */
const SPARE_MS = 60_000;

/**
 * The library with all that it does by itself switched off: retries, which the gate would not see, logging, which may
 * show a request, and settings from the environment, which may belong to another provider.
 */
function chatClient(entry: ModelEntry, key: Secret | null, fetch: typeof globalThis.fetch, deadlineMs: number): OpenAI {
  return new OpenAI({
    baseURL: entry.base_url,
    apiKey: key?.reveal() ?? "none",
    ...(key === null ? { defaultHeaders: { authorization: null } } : {}),
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: Math.ceil(deadlineMs) + SPARE_MS,
    logLevel: "off",
    fetch,
  });
}
