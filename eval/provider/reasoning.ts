import type { ModelEntry } from "./config.ts";
import { deploymentOf } from "./read-policy.ts";

/** Whether a model is asked to think before it answers; absent: the server's own default. */
export const REASONING_MODES = ["on", "off"] as const;
export type ReasoningMode = (typeof REASONING_MODES)[number];

type Fields = Readonly<Record<string, unknown>>;

/** OpenAI's own field, which Ollama reads too. There is no plain "on": the middle is what its servers call usual. */
const byEffort = (mode: ReasoningMode): Fields => ({ reasoning_effort: mode === "on" ? "medium" : "none" });

/** What engines that render the model's own chat template pass on to it: vLLM, SGLang, llama.cpp, MLX. */
const byTemplate = (mode: ReasoningMode): Fields => ({ chat_template_kwargs: { enable_thinking: mode === "on" } });

const byRouter = (mode: ReasoningMode): Fields => ({ reasoning: { enabled: mode === "on" } });

/**
 * How a server is asked to let a model think, or not to. Chat Completions has no common word for it, and servers that
 * check refuse the words of others, so that one is chosen by what is known of the server; `extra_body` wins where it
 * names the same field. It is a request: the reasoning tokens of the replies show whether it was met.
 */
export function reasoningFields(entry: ModelEntry): Fields {
  const { reasoning: mode, extra_body: extra = {} } = entry;
  if (mode === undefined) return {};
  const asked = Object.entries(wordsOf(entry)(mode));
  return Object.fromEntries(asked.map(([name, value]) => [name, merged(value, extra[name])]));
}

function wordsOf(entry: ModelEntry): (mode: ReasoningMode) => Fields {
  const { hostname, port } = new URL(entry.base_url);
  if (/(?:^|\.)openrouter\.ai$/.test(hostname)) return byRouter;
  if (/ollama/i.test(entry.engine_name ?? "") || port === OLLAMA_PORT) return byEffort;
  return deploymentOf(entry) === "local" || entry.engine_name !== undefined ? byTemplate : byEffort;
}

/** Where Ollama listens unless told otherwise. */
const OLLAMA_PORT = "11434";

/** Fields that stand beside those that are asked for are kept. */
const merged = (asked: unknown, extra: unknown): unknown =>
  isObject(asked) && isObject(extra) ? { ...asked, ...extra } : (extra ?? asked);

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
