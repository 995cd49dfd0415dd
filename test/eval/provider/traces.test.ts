import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import type { ProviderError } from "../../../agents/llm/errors.ts";
import { REQUEST, scriptedModel, SERVER_ERROR } from "./scripted.ts";
import type { Ending, ScriptedOptions } from "./scripted.ts";
import { VirtualClock } from "./virtual-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-traces-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const stores: Readonly<Record<string, () => Promise<ResultStore>>> = {
  memory: async () => openMemoryStore(),
  sqlite: () => openSqliteStore(join(folder, `${(files += 1)}.db`)),
};

const signal = new AbortController().signal;

describe.each(Object.entries(stores))("starts in seconds, one second of latency, gates in a %s store", (_, open) => {
  /** Makes that many requests one after the other and says when each call started. */
  const starts = async (
    requests: number,
    ending: (call: number) => Ending,
    options: Partial<ScriptedOptions> = {},
  ): Promise<{ starts: number[]; errors: string[]; endedAt: number; store: ResultStore; key: string }> => {
    const clock = new VirtualClock();
    const store = await open();
    const scripted = scriptedModel(ending, { clock, store, ...options });
    const episode = scripted.model.forEpisode(null);
    const errors: string[] = [];
    const all = async () => {
      for (let i = 0; i < requests; i += 1) {
        await episode.complete(REQUEST, signal).catch((error: ProviderError) => errors.push(error.class));
      }
    };
    await clock.run(all());
    return {
      starts: scripted.starts,
      errors,
      endedAt: clock.monotonic() / 1000,
      store,
      key: scripted.model.endpointKey,
    };
  };

  test("healthy: the gap alone", async () => {
    expect((await starts(6, () => "ok")).starts).toEqual([0, 16, 32, 48, 64, 80]);
  });

  test("healthy without a gap: the window alone", async () => {
    const trace = await starts(12, () => "ok", { policy: { min_interval_s: 0 } });
    expect(trace.starts).toEqual([0, 1, 2, 3, 4, 60, 61, 62, 63, 64, 120, 121]);
  });

  test("three failures, then ok: the breaker opens at 33, the probe starts at 93 and closes it at 94", async () => {
    const trace = await starts(1, (call) => (call < 3 ? SERVER_ERROR : "ok"));
    expect(trace).toMatchObject({ starts: [0, 16, 32, 93], errors: [], endedAt: 94 });
    expect(await trace.store.gate(trace.key)).toMatchObject({ state: "closed", failures: 0 });
  });

  test("a dead endpoint: given up at 216 without a sleep after the last attempt, the breaker left open", async () => {
    const trace = await starts(1, () => SERVER_ERROR);
    expect(trace).toMatchObject({ starts: [0, 16, 32, 93, 154, 215], errors: ["server"], endedAt: 216 });
    expect(await trace.store.gate(trace.key)).toMatchObject({ state: "open", failures: 6 });
  });

  test("429 with Retry-After: 40, then ok", async () => {
    const limited: Ending = { class: "rate_limited", status: 429, retryAfterMs: 40_000 };
    expect((await starts(1, (call) => (call === 0 ? limited : "ok"))).starts).toEqual([0, 41]);
  });

  test("401: one attempt, the breaker untouched", async () => {
    const trace = await starts(1, () => ({ class: "auth", status: 401 }));
    expect(trace).toMatchObject({ starts: [0], errors: ["auth"], endedAt: 1 });
    expect(await trace.store.gate(trace.key)).toMatchObject({ state: "closed", failures: 0, epoch: 0 });
  });

  test("four in flight without a gap, the first call of each fails: stale successes are ignored, one probe at 61", async () => {
    const clock = new VirtualClock();
    const store = await open();
    const failing: Ending = { class: "timeout" }; // a class without back-off
    const policy = { min_interval_s: 0, rate_limit: 0, max_in_flight: 4 };
    const scripted = scriptedModel((call) => (call < 4 ? failing : "ok"), { clock, store, policy });
    const four = Array.from({ length: 4 }, () => scripted.model.forEpisode(null).complete(REQUEST, signal));
    await clock.run(Promise.all(four));
    expect(scripted.starts).toEqual([0, 0, 0, 0, 1, 1, 61, 62]);
    expect(clock.monotonic()).toBe(63_000);
    expect(await store.gate(scripted.model.endpointKey)).toMatchObject({ state: "closed", failures: 0, epoch: 1 });
  });

  test("what a call waited for is recorded by cause", async () => {
    const trace = await starts(1, (call) => (call < 3 ? SERVER_ERROR : "ok"));
    const waits = (await trace.store.calls()).map((call) => call.waits);
    expect(waits).toEqual([{}, { gap: 15_000 }, { gap: 15_000 }, { breaker: 60_000 }]);
  });

  test("without a gap a failing server is given 2, 4, 8 … s, of which chance takes up to half", async () => {
    const policy = { min_interval_s: 0, rate_limit: 0, breaker_threshold: 99 };
    const trace = await starts(1, () => SERVER_ERROR, { policy });
    const pauses = trace.starts.slice(1).map((start, i) => start - (trace.starts[i] ?? 0) - 1);
    for (const [i, full] of [2, 4, 8, 16, 30].entries()) {
      expect(pauses[i]).toBeGreaterThanOrEqual(full / 2);
      expect(pauses[i]).toBeLessThanOrEqual(full);
    }
    expect(pauses).not.toEqual([2, 4, 8, 16, 30]);
  });
});
