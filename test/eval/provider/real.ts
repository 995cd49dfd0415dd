import { openMemoryStore } from "../../../env/store/memory.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import type { Clock } from "../../../eval/clock.ts";
import { openChatModel } from "../../../eval/provider/chat-model.ts";
import type { ChatModelOptions, EpisodeModel } from "../../../eval/provider/chat-model.ts";
import { sendOnce } from "../../../eval/provider/client.ts";
import { ModelEntry } from "../../../eval/provider/config.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import type { Connections } from "../../../eval/provider/connections.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import type { PolicyName } from "../../../eval/provider/policy.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import { redactor } from "../../../eval/provider/redact.ts";
import { Secret } from "../../../eval/provider/secret.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A policy that never waits of its own accord, so that what a test sees is the provider's doing. */
export const UNHINDERED: Partial<Record<PolicyName, number>> = {
  min_interval_s: 0,
  rate_limit: 0,
  breaker_threshold: 99,
  attempt_timeout_s: 5,
};

export interface RealOptions {
  readonly policy?: Partial<Record<PolicyName, number>>;
  readonly entry?: Partial<ModelEntry>;
  readonly store?: ResultStore;
  readonly clock?: Clock;
  readonly key?: string | null;
  readonly connections?: Connections;
  readonly options?: Partial<ChatModelOptions>;
}

/** A model behind the real gate, retries, client library and sockets. */
export function realModel(baseUrl: string, given: RealOptions = {}) {
  const { store = openMemoryStore(), clock = systemClock, key = "sk-test-0123456789abcdef" } = given;
  const connections = given.connections ?? openConnections();
  const secret = key === null ? null : new Secret(key);
  const entry = ModelEntry.parse({
    model: "some-model",
    base_url: baseUrl,
    policy: { ...UNHINDERED, ...given.policy },
    ...given.entry,
  });
  const sending = { count: 0 };
  const model = openChatModel(
    { name: "some", entry },
    {
      gate: new Gate({ store, clock }),
      store,
      clock,
      connections,
      policy: readPolicy(entry, {}),
      key: secret,
      prices: [],
      redact: redactor(secret === null ? [] : [secret]),
      runId: null,
      send: async (client, request) => {
        sending.count += 1;
        try {
          return await sendOnce(client, request);
        } finally {
          sending.count -= 1;
        }
      },
      ...given.options,
    },
  );
  return { model, store, connections, isSending: () => sending.count > 0 };
}

export const ASK = {
  messages: [
    { role: "system", content: "You are on call." },
    { role: "user", content: "The page is open." },
  ],
} as const;

export const going = new AbortController().signal;

/** One completion on a virtual clock that stands still while a socket is busy. Errors are results. */
export async function asked(baseUrl: string, given: RealOptions = {}) {
  const clock = new VirtualClock();
  const real = realModel(baseUrl, { ...given, clock });
  const episode: EpisodeModel = real.model.forEpisode(null);
  const outcome = episode.complete(ASK, going).then(
    (reply) => ({ reply, error: null }),
    (error: unknown) => ({ reply: null, error: error as Error & Readonly<Record<string, unknown>> }),
  );
  const result = await clock.run(outcome, real.isSending);
  const calls = await real.store.calls();
  const first = calls[0]?.sentAt ?? 0;
  const gate = await real.store.gate(real.model.endpointKey);
  await real.connections.close();
  return { ...result, calls, starts: calls.map(({ sentAt }) => sentAt - first), gate, totals: episode.totals };
}
