import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import type { ProviderCallRecord } from "../../../env/store/store.ts";
import type { ProviderErrorClass } from "../../../agents/llm/errors.ts";
import { REQUEST, scriptedModel } from "./scripted.ts";
import type { Ending } from "./scripted.ts";
import { VirtualClock } from "./virtual-clock.ts";

const going = new AbortController().signal;

const CLASSES: readonly ProviderErrorClass[] = [
  "rate_limited",
  "timeout",
  "server",
  "bad_response",
  "empty_completion",
  "auth",
  "bad_request",
];

const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Ending>("ok") },
  fc.record({
    class: fc.constantFrom(...CLASSES),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
  }),
);

type PolicyUnderTest =
  | "min_interval_s"
  | "rate_limit"
  | "rate_window_s"
  | "breaker_threshold"
  | "breaker_pause_s"
  | "max_in_flight";

const policy: fc.Arbitrary<Rules> = fc.record({
  min_interval_s: fc.constantFrom(0, 1, 15),
  rate_limit: fc.integer({ min: 0, max: 4 }),
  rate_window_s: fc.constantFrom(10, 60),
  breaker_threshold: fc.integer({ min: 1, max: 4 }),
  breaker_pause_s: fc.constantFrom(5, 60),
  max_in_flight: fc.integer({ min: 1, max: 4 }),
});

const scenario = fc.record({
  policy,
  endings: fc.array(ending, { minLength: 1, maxLength: 25 }),
  latencyMs: fc.constantFrom(0, 300, 1000),
  processes: fc.integer({ min: 1, max: 3 }),
  workers: fc.integer({ min: 1, max: 4 }),
});

type Rules = Readonly<Record<PolicyUnderTest, number>>;
type SentCall = Pick<ProviderCallRecord, "state" | "attempt" | "sentAt" | "finishedAt">;

/** What the calls of all processes together break of the policy; calls in the order sent. */
function violations(calls: readonly SentCall[], rules: Rules): string[] {
  return calls.flatMap(({ state, attempt, sentAt }, i) => {
    const earlier = calls.slice(0, i);
    const finishes = earlier.map(({ finishedAt }) => finishedAt ?? Infinity).filter((finish) => finish < sentAt);
    const sinceLast = sentAt - Math.max(...earlier.map((call) => call.sentAt), ...finishes, -Infinity);
    const sinceWindow = rules.rate_limit === 0 ? Infinity : sentAt - (calls[i - rules.rate_limit]?.sentAt ?? -Infinity);
    const flying = earlier.filter(({ finishedAt }) => (finishedAt ?? Infinity) > sentAt).length + 1;
    return [
      ...(state === "in_flight" ? [`call ${i} never ended`] : []),
      ...(attempt > 6 ? [`call ${i} is attempt ${attempt}`] : []),
      ...(sinceLast < rules.min_interval_s * 1000 ? [`call ${i} starts ${sinceLast} ms after another`] : []),
      ...(sinceWindow < rules.rate_window_s * 1000 ? [`call ${i} is one too many within ${sinceWindow} ms`] : []),
      ...(flying > rules.max_in_flight ? [`call ${i} makes ${flying} in flight`] : []),
    ];
  });
}

const call = (sentAt: number, finishedAt: number | null, attempt = 1): SentCall => ({
  state: finishedAt === null ? "in_flight" : "ok",
  attempt,
  sentAt,
  finishedAt,
});

describe("whatever a provider does, all processes together", () => {
  test("keep gap, window and calls in flight, make at most six attempts, and end every request", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ policy: rules, endings, latencyMs, processes, workers }) => {
        const clock = new VirtualClock();
        const store = openMemoryStore();
        let calls = 0;
        const next = () => endings[calls++] ?? ("ok" as const);
        const models = Array.from({ length: processes }, () =>
          scriptedModel(next, { clock, store, policy: rules, latencyMs }),
        );
        const episodes = models.flatMap(({ model }) => Array.from({ length: workers }, () => model.forEpisode(null)));
        const requests = episodes.map((episode) => episode.complete(REQUEST, going));
        await clock.run(Promise.allSettled(requests));

        const sent = await store.calls();
        expect(violations(sent, rules)).toEqual([]);
        const counted = episodes.reduce((sum, { totals }) => sum + totals.providerCalls, 0);
        expect(counted).toBe(sent.length);
      }),
      { numRuns: 80 },
    );
  });

  test("would be caught breaking any of it", () => {
    const rules: Rules = {
      min_interval_s: 1,
      rate_limit: 2,
      rate_window_s: 10,
      breaker_threshold: 3,
      breaker_pause_s: 5,
      max_in_flight: 1,
    };
    expect(violations([call(0, 500), call(1499, 1500)], rules)).toEqual(["call 1 starts 999 ms after another"]);
    expect(violations([call(0, 1), call(2000, 2001), call(9999, 9999)], rules)).toEqual([
      "call 2 is one too many within 9999 ms",
    ]);
    expect(violations([call(0, 5000), call(1000, 1000)], rules)).toEqual(["call 1 makes 2 in flight"]);
    expect(violations([call(0, null)], rules)).toEqual(["call 0 never ended"]);
    expect(violations([call(0, 0, 7)], rules)).toEqual(["call 0 is attempt 7"]);
  });
});
