import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import type { GateWait } from "../../../eval/provider/gate.ts";
import { aCall, anEndpoint, okEnd, someRules } from "../../env/store/fixtures.ts";
import { REQUEST, scriptedModel, SERVER_ERROR } from "./scripted.ts";
import type { ScriptedOptions } from "./scripted.ts";
import { VirtualClock } from "./virtual-clock.ts";

const going = new AbortController().signal;
const HOUR = 3_600_000;

/** Makes a request and says how it ended, and when. */
async function asked(clock: VirtualClock, given: Partial<ScriptedOptions>, ending = (_call: number) => "ok" as const) {
  const { model, starts } = scriptedModel(ending, { clock, ...given });
  const work = model.forEpisode(null).complete(REQUEST, going);
  const outcome = await clock.run(
    work.then(
      () => "ok",
      (error: unknown) => error as { class: string; code?: string },
    ),
  );
  return { outcome, starts };
}

/** A store in which a call has just ended at that moment of the clock. */
async function justCalled(clock: VirtualClock): Promise<ResultStore> {
  const store = openMemoryStore();
  await asked(clock, { store, latencyMs: 0 });
  return store;
}

describe("a wait", () => {
  test("ends within a second of what stops it", async () => {
    const clock = new VirtualClock();
    const store = await justCalled(clock);
    let looks = 0;
    const stop = (): string | null => {
      looks += 1;
      return clock.monotonic() >= 4500 ? "pause" : null;
    };
    const { outcome, starts } = await asked(clock, { store, gate: { stop } });
    expect(outcome).toMatchObject({ class: "aborted", code: "pause" });
    expect(clock.monotonic()).toBe(5000);
    expect(looks).toBeGreaterThanOrEqual(5);
    expect(starts).toEqual([]);
    expect(await store.calls()).toHaveLength(1);
  });

  test("ends at once with the run's signal, whatever it waits for", async () => {
    const clock = new VirtualClock();
    const store = await justCalled(clock);
    const { model } = scriptedModel(() => "ok", { clock, store });
    const run = new AbortController();
    const work = model.forEpisode(null).complete(REQUEST, run.signal);
    await turn();
    run.abort(new Error("stopped"));
    await expect(work).rejects.toMatchObject({ class: "aborted" });
    expect(clock.monotonic()).toBe(0);
  });

  test("is told while it lasts: why, and how long at most", async () => {
    const clock = new VirtualClock();
    const store = await justCalled(clock);
    const waits: GateWait[] = [];
    await asked(clock, { store, gate: { onWait: (wait) => waits.push(wait) } });
    expect(waits.map(({ cause, ms }) => [cause, ms])).toEqual([["gap", 15_000]]);
  });

  test("for another call ends with that call, not with the next look", async () => {
    const clock = new VirtualClock();
    const { model, starts } = scriptedModel(() => "ok", {
      clock,
      latencyMs: 130,
      policy: { min_interval_s: 0, rate_limit: 0 },
    });
    const three = [1, 2, 3].map(() => model.forEpisode(null).complete(REQUEST, going));
    await clock.run(Promise.all(three));
    expect(starts).toEqual([0, 0.13, 0.26]);
  });
});

test("a call that ends between a look at the store and the sleep after it is not missed", async () => {
  const clock = new VirtualClock();
  const rules = someRules();
  const permit = {
    status: "permitted",
    callId: "a",
    endpointKey: anEndpoint,
    epoch: 0,
    isProbe: false,
    sentAt: 0,
  } as const;
  const holds = [{ key: "in_flight:a", cause: "in_flight", ms: 5000, mayEndSooner: true }] as const;
  let looks = 0;
  const store = {
    settlePermit: async () => ({ change: null }),
    takePermit: async () => {
      looks += 1;
      if (looks > 1) return permit;
      await gate.settle(permit, rules, okEnd(0));
      return { status: "held", holds } as const;
    },
  };
  const gate: Gate = new Gate({ store, clock });
  await clock.run(gate.take(aCall("b"), { rules, notBefore: 0, signal: going }));
  expect([looks, clock.monotonic()]).toEqual([2, 0]);
});

describe("a wall clock that is set", () => {
  test.each([
    ["back by an hour", -HOUR, 15],
    ["on by an hour", HOUR, 0],
  ])("%s makes no wait negative, double or endless", async (_, by, expected) => {
    const clock = new VirtualClock();
    const store = await justCalled(clock);
    clock.setWall(by);
    const { starts } = await asked(clock, { store });
    expect(starts).toEqual([expected]);
  });

  test.each([-HOUR, HOUR])("by %i ms in the middle of a wait does not change it", async (by) => {
    const clock = new VirtualClock();
    const store = await justCalled(clock);
    let isSet = false;
    const stop = (): null => {
      if (clock.monotonic() >= 7000 && !isSet) {
        isSet = true;
        clock.setWall(by);
      }
      return null;
    };
    const { starts } = await asked(clock, { store, gate: { stop } });
    expect(isSet).toBe(true);
    expect(starts).toEqual([15]);
  });

  test("back by an hour while the breaker is open leaves it open for its pause", async () => {
    const clock = new VirtualClock();
    const store = openMemoryStore();
    const failing = scriptedModel(() => SERVER_ERROR, { clock, store, policy: { max_retries: 2 } });
    await clock.run(
      failing.model
        .forEpisode(null)
        .complete(REQUEST, going)
        .catch(() => {}),
    );
    clock.setWall(-HOUR);
    const { starts } = await asked(clock, { store });
    expect(starts).toEqual([60]);
  });

  test("back by an hour while a call of a dead process is in flight delays others by the deadline once", async () => {
    const clock = new VirtualClock();
    const { model, store } = scriptedModel(() => "ok", { clock, latencyMs: 10 * HOUR });
    void model.forEpisode(null).complete(REQUEST, going);
    await turn();
    clock.setWall(-HOUR);
    const { starts } = await asked(clock, { store });
    expect(starts).toEqual([125]);
  });
});
