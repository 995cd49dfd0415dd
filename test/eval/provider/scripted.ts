import { openMemoryStore } from "../../../env/store/memory.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { openChatModel } from "../../../eval/provider/chat-model.ts";
import type { ChatModelOptions, OpenChatModel } from "../../../eval/provider/chat-model.ts";
import type { Attempt, sendOnce } from "../../../eval/provider/client.ts";
import { ModelEntry } from "../../../eval/provider/config.ts";
import { providerError } from "../../../eval/provider/error-classes.ts";
import { Exchange } from "../../../eval/provider/exchange.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import type { GateOptions } from "../../../eval/provider/gate.ts";
import type { PolicyName } from "../../../eval/provider/policy.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import type { ProviderFailure } from "../../../agents/llm/errors.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How one attempt of a script ends. */
export type Ending = "ok" | (Pick<ProviderFailure, "class"> & Partial<ProviderFailure>);

export const SERVER_ERROR: Ending = { class: "server", status: 500 };

export interface ScriptedOptions {
  readonly clock: VirtualClock;
  readonly store?: ResultStore;
  readonly policy?: Partial<Record<PolicyName, number>>;
  readonly latencyMs?: number;
  readonly gate?: Partial<GateOptions>;
  readonly options?: Partial<ChatModelOptions>;
}

/** A model behind the real gate, retries and records, whose provider is a function of the number of the call. */
export function scriptedModel(ending: (call: number) => Ending, given: ScriptedOptions) {
  const { clock, store = openMemoryStore(), policy = {}, latencyMs = 1000 } = given;
  const began = clock.monotonic();
  const starts: number[] = [];
  const send: typeof sendOnce = async (_client, { signal }): Promise<Attempt> => {
    const call = starts.push((clock.monotonic() - began) / 1000) - 1;
    await clock.sleep(latencyMs, AbortSignal.any([signal])).catch(() => {});
    const exchange = new Exchange({ clock, dispatcher: null });
    const how = signal.aborted ? ({ class: "aborted" } as const) : ending(call);
    return how === "ok"
      ? { exchange, latencyMs, completion: COMPLETION, error: null }
      : { exchange, latencyMs, completion: null, error: providerError(how) };
  };
  const entry = ModelEntry.parse({ model: "m", base_url: "https://provider.test/v1", policy });
  const model: OpenChatModel = openChatModel(
    { name: "m", entry },
    {
      gate: new Gate({ store, clock, ...given.gate }),
      store,
      clock,
      connections: { dispatcher: null, close: async () => {} },
      policy: readPolicy(entry, {}),
      key: null,
      prices: [],
      redact: (text) => text,
      runId: null,
      send,
      ...given.options,
    },
  );
  return { model, starts, store };
}

const COMPLETION = {
  reply: {
    content: "check_status(cache)",
    toolCalls: [],
    finishReason: "stop",
    refusal: null,
    reasoningPromoted: false,
    outputTokens: 3,
    totalTokens: 10,
    filtered: false,
  },
  model: "m",
  usage: { inputTokens: 7, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 3, reasoningTokens: null },
  quirks: [],
} as const;

export const REQUEST = { messages: [{ role: "user", content: "page" }] } as const;
