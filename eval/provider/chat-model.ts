import { randomUUID } from "node:crypto";
import type { ChatModel, ChatReply, ChatRequest } from "../../agents/llm/chat-model.ts";
import { ContextExceeded, ProviderError } from "../../agents/llm/errors.ts";
import { sha256 } from "../../env/store/canonical.ts";
import { brokenCall, callEnd } from "./call-end.ts";
import { sendOnce } from "./client.ts";
import type { Attempt } from "./client.ts";
import type { NamedModel } from "./config.ts";
import { providerError } from "./error-classes.ts";
import { Line } from "./line.ts";
import type { ChatModelOptions } from "./line.ts";
import { costUusd, priceAt } from "./price.ts";
import { backoffMs, withRetries } from "./retry.ts";
import { Totals } from "./totals.ts";
import type { CallTotals } from "./totals.ts";
import { wireRequest } from "./wire.ts";

export type { ChatModelOptions } from "./line.ts";

/** A model of the configuration, ready to be called. */
export interface OpenChatModel {
  readonly name: string;
  /** Which gate its calls go through: models of one key and origin share it. */
  readonly endpointKey: string;
  /** The model as one episode sees it; null outside of an episode. */
  forEpisode(episodeId: string | null): EpisodeModel;
}

/** The model of one episode: every call is gated, tried again, recorded and counted. */
export interface EpisodeModel extends ChatModel {
  /** The step that the calls from now on are made for. */
  atStep(step: number): void;
  /** Sums over the calls so far. */
  readonly totals: CallTotals;
}

export function openChatModel(model: NamedModel, options: ChatModelOptions): OpenChatModel {
  const line = new Line(model, options);
  return {
    name: model.name,
    endpointKey: line.endpointKey,
    forEpisode: (episodeId) => new EpisodeCalls(line, episodeId),
  };
}

/** A completion that is wanted, and the attempt at it. */
interface Wanted {
  readonly request: ChatRequest;
  /** Which completion of the episode, from 1. */
  readonly requestNo: number;
  readonly signal: AbortSignal;
}

class EpisodeCalls implements EpisodeModel {
  readonly #line: Line;
  readonly #episodeId: string | null;
  readonly #totals = new Totals();
  #requests = 0;
  #step: number | null = null;

  constructor(line: Line, episodeId: string | null) {
    this.#line = line;
    this.#episodeId = episodeId;
  }

  atStep(step: number): void {
    this.#step = step;
  }

  get totals(): CallTotals {
    return this.#totals.sums;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    this.#requests += 1;
    const { policy, clock } = this.#line.options;
    const wanted: Wanted = { request, requestNo: this.#requests, signal };
    let notBefore = 0;
    const attempt = async (number: number): Promise<ChatReply> => {
      try {
        return await this.#attempt(wanted, number, notBefore);
      } catch (error) {
        if (error instanceof ProviderError) {
          const wait = backoffMs(error, `${this.#episodeId ?? ""}/${wanted.requestNo}`, number);
          notBefore = clock.monotonic() + wait;
        }
        throw error;
      }
    };
    try {
      return await withRetries(attempt, policy.max_retries);
    } catch (error) {
      return scoredEnd(error);
    }
  }

  /** Waits, sends, records, counts. What is sent is on record before it is sent, and its end whatever that is. */
  async #attempt({ request, requestNo, signal }: Wanted, attempt: number, notBefore: number): Promise<ChatReply> {
    const { model, options, rules, dialect, client, hadSuccess } = this.#line;
    const { gate, clock, prices, send = sendOnce } = options;
    const body = wireRequest(model.entry, dialect.limitName, request);
    const call = {
      callId: randomUUID(),
      runId: options.runId,
      episodeId: this.#episodeId,
      step: this.#step,
      requestNo,
      attempt,
      endpointKey: this.#line.endpointKey,
      modelRequested: model.entry.model,
      requestSha256: sha256(JSON.stringify(body)),
    };
    const { permit, waits } = await gate.take(call, { rules, notBefore, signal });
    const result = await send(client, { body, hadSuccess, signal }).catch(async (mistake: unknown) => {
      await gate.settle(permit, rules, brokenCall(clock.now()));
      throw mistake;
    });

    const usage = result.completion?.usage ?? null;
    const cost = costUusd(priceAt(prices, model.entry.model, permit.sentAt), usage);
    await gate.settle(permit, rules, callEnd(result, clock.now(), cost));
    const isFailure = result.error !== null && !OUR_OWN.has(result.error.class);
    const counted = { isFailure, usage, costUusd: cost, waits, latencyMs: result.latencyMs };
    this.#totals.add(counted);
    options.onAttempt?.(counted);
    if (result.error !== null) throw this.#adapted(result.error, result);
    await this.#line.succeeded(result.completion.model);
    return result.completion.reply;
  }

  /** A refusal that the other way of saying the same may avoid is worth another attempt. */
  #adapted(error: ProviderError, { exchange }: Attempt): ProviderError {
    const { dialect, model } = this.#line;
    const sentLimit = model.entry.max_output_tokens !== undefined;
    if (error.class !== "bad_request" || !dialect.adapts(exchange.status, exchange.text, sentLimit)) return error;
    return providerError({ class: "bad_request", status: error.status, retryable: true, fatal: false });
  }
}

/** Errors that say nothing about how well the provider works. */
const OUR_OWN = new Set<string>(["context_length", "content_filter", "aborted"]);

/** What the provider refused for the model's sake is scored; all else is thrown on. */
function scoredEnd(error: unknown): ChatReply {
  if (!(error instanceof ProviderError)) throw error;
  if (error.class === "context_length") throw new ContextExceeded(error.message);
  if (error.class !== "content_filter") throw error;
  return {
    content: null,
    toolCalls: [],
    finishReason: "content_filter",
    refusal: null,
    reasoningPromoted: false,
    outputTokens: null,
    totalTokens: null,
    filtered: true,
  };
}
