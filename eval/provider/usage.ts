import { z } from "zod";

/** Tokens of one call. Cached and cache-write tokens are part of the input, reasoning is part of the output. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** Null when the server does not tell. */
  readonly reasoningTokens: number | null;
}

const count = z.int().min(0).max(1_000_000_000);
const part = count.nullish().transform((value) => value ?? 0);

const Reported = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count.nullish().catch(null),
  prompt_tokens_details: z.looseObject({ cached_tokens: part, cache_write_tokens: part }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count.nullish() }).nullish(),
});

/**
 * What a server reports, if it can be true: whole numbers, none negative, no part larger than its whole.
 * @returns null when it is missing or contradicts itself; nothing is guessed
 */
export function readUsage(reported: unknown): Usage | null {
  const parsed = Reported.safeParse(reported);
  if (!parsed.success) return null;
  const { prompt_tokens: inputTokens, completion_tokens: completion, total_tokens: total } = parsed.data;
  const { cached_tokens: cachedTokens = 0, cache_write_tokens: cacheWriteTokens = 0 } =
    parsed.data.prompt_tokens_details ?? {};
  const reasoningTokens = parsed.data.completion_tokens_details?.reasoning_tokens ?? null;
  if (cachedTokens + cacheWriteTokens > inputTokens) return null;
  const isReasoningBeside = reasoningTokens !== null && total === inputTokens + completion + reasoningTokens;
  const outputTokens = isReasoningBeside ? completion + reasoningTokens : completion;
  return { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens };
}
