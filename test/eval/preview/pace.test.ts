import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gateRules } from "../../../eval/provider/policy.ts";
import type { PolicyName } from "../../../eval/provider/policy.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import { paceMs } from "../../../eval/preview/pace.ts";
import { REQUEST, scriptedModel } from "../provider/scripted.ts";
import { VirtualClock } from "../provider/virtual-clock.ts";

type Limits = Partial<Record<PolicyName, number>>;

const rulesOf = (limits: Limits) =>
  gateRules(readPolicy({ model: "m", base_url: "https://provider.test/v1" }, { policy: limits }));

const episodes = (limits: Limits, calls: readonly number[]) => {
  const rules = rulesOf(limits);
  return calls.map((own) => ({ rules, calls: own }));
};

/** The same episodes behind the real gate, store and retries, on a clock that nobody waits for. */
async function played(limits: Limits, calls: readonly number[], latencyMs: number): Promise<number> {
  const clock = new VirtualClock();
  const { model } = scriptedModel(() => "ok", { clock, latencyMs, policy: limits });
  const waiting = calls.values();
  const worker = async (): Promise<void> => {
    for (const own of waiting) {
      for (let call = 0; call < own; call += 1) {
        await model.forEpisode(null).complete(REQUEST, new AbortController().signal);
      }
    }
  };
  await clock.run(Promise.all(Array.from({ length: limits.max_in_flight ?? 1 }, worker)));
  return clock.monotonic();
}

describe("the time that a gate takes", () => {
  test("is that of the design: 40 tasks of 8 calls take about 80 minutes in the cloud", () => {
    const run = episodes({}, Array<number>(40).fill(8));
    expect(paceMs(run, 0)).toBe(319 * 15_000);
    expect(paceMs(run, 1000)).toBe(319 * 16_000 + 1000);
  });

  test("is that of the window where there is no gap", () => {
    const limits = { min_interval_s: 0 };
    expect(paceMs(episodes(limits, [5]), 0)).toBe(0);
    expect(paceMs(episodes(limits, [6]), 0)).toBe(60_000);
    expect(paceMs(episodes(limits, [4, 4, 4]), 1000)).toBe(122_000);
  });

  test("is nothing without limits, without calls and without episodes", () => {
    expect(paceMs(episodes({ min_interval_s: 0, rate_limit: 0 }, [100]), 0)).toBe(0);
    expect(paceMs(episodes({}, [0, 0]), 1000)).toBe(0);
    expect(paceMs([], 1000)).toBe(0);
  });

  test("of more calls than are simulated goes on at the same pace", () => {
    const run = episodes({}, Array<number>(100_000).fill(9));
    expect(paceMs(run, 0) / (900_000 * 15_000)).toBeCloseTo(1, 3);
  });

  test("is what the gate makes of them", { timeout: 30_000 }, async () => {
    const limits = fc.record({
      min_interval_s: fc.constantFrom(0, 1, 15),
      rate_limit: fc.constantFrom(0, 2, 5),
      rate_window_s: fc.constantFrom(10, 60),
      max_in_flight: fc.integer({ min: 1, max: 3 }),
    });
    const calls = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    const latency = fc.constantFrom(1, 1003, 7019); // no end falls on the end of a wait: either may be seen first
    await fc.assert(
      fc.asyncProperty(limits, calls, latency, async (given, own, latencyMs) => {
        const apart = Math.abs(paceMs(episodes(given, own), latencyMs) - (await played(given, own, latencyMs)));
        // Of several that wait for the same moment either may go first, and its episode ends a call sooner.
        expect(apart).toBeLessThanOrEqual((given.max_in_flight - 1) * latencyMs);
      }),
      { numRuns: 60 },
    );
  });
});
