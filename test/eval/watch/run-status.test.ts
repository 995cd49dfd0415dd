import { hostname } from "node:os";
import { beforeEach, describe, expect, test } from "vitest";
import { variantId } from "../../../env/store/identity.ts";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import type { NewCall, ResultStore, VariantIdentity } from "../../../env/store/store.ts";
import { thisProcess } from "../../../eval/owner.ts";
import { readStatus } from "../../../eval/watch/run-status.ts";
import type { RunStatus } from "../../../eval/watch/run-status.ts";
import { statusText } from "../../../eval/watch/status-text.ts";
import {
  aCall,
  anEndpoint,
  aPlan,
  aVariant,
  failedEnd,
  finished,
  okEnd,
  planned,
  someRules,
} from "../../env/store/fixtures.ts";

const RUN = "run-1";
const T = 1_700_000_100_000;
const SECOND = 1000;

let store: ResultStore;
beforeEach(() => {
  store = openMemoryBackend().results;
});

async function statusAt(now: number, by: "agent" | "task" = "agent"): Promise<RunStatus> {
  const run = await store.run(RUN);
  if (run === null) throw new Error("Expected a run, got none.");
  return readStatus(store, run, { by, pause: "none", now });
}

/** Begins an attempt, and ends it unless it is to go on. */
async function attempt(slotId: string, from: number, to: number | null, changes = {}): Promise<string> {
  const start = await store.startEpisode(slotId, from);
  if (start.status !== "started") throw new Error("Expected a free slot.");
  if (to !== null) await store.commitEpisode(finished(start.episodeId, { endedAt: to, ...changes }));
  return start.episodeId;
}

const hold = (changes: object) =>
  store.holdRun(RUN, { owner: { ...thisProcess(), ...changes }, at: T, replaces: null });

const textAt = async (now: number): Promise<string> => statusText(await statusAt(now), "agent");

const spoilt = { outcome: "provider_error", terminalReason: null, score: null, errorClass: "server" } as const;

describe("the targets of a run", () => {
  beforeEach(async () => {
    const slots = await planned(store, RUN, aPlan(["a", "b"], ["inc-1", "inc-2", "inc-3", "inc-4"]));
    const [a1 = "", a2 = "", a3 = "", , b1 = ""] = slots;
    await store.startRun(RUN, T);
    const used = { inputTokens: 100, outputTokens: 20, costUusd: 5000, providerCalls: 4, providerFailures: 1 };
    await attempt(a1, T, T + 10 * SECOND, { outcome: "success", score: 1, ...used });
    await attempt(a2, T + 10 * SECOND, T + 20 * SECOND, { ...spoilt, ...used, costUusd: null, costComplete: false });
    await attempt(a3, T + 20 * SECOND, null);
    await attempt(b1, T, T + 20 * SECOND);
  });

  test("say what was played, what came of it, what it used, and how long the rest takes", async () => {
    const { slots, targets, etaMs } = await statusAt(T + 20 * SECOND);
    expect(slots).toEqual({ pending: 4, running: 1, scored: 2, unscored: 1 });
    expect(targets).toEqual([
      expect.objectContaining({
        target: "a",
        planned: 4,
        done: 2,
        running: 1,
        pending: 1,
        successes: 1,
        unscored: { server: 1 },
        calls: 8,
        failedCalls: 2,
        tokens: 240,
        costUusd: 5000,
        costComplete: false,
        etaMs: 20 * SECOND,
      }),
      expect.objectContaining({ target: "b", done: 1, successes: 0, tokens: null, costUusd: null, etaMs: 60 * SECOND }),
    ]);
    expect(targets[0]?.success).toMatchObject({ value: 1, n: 1, upper: 1 });
    expect(etaMs).toBe(60 * SECOND);
  });

  test("can be incidents", async () => {
    const { targets } = await statusAt(T + 20 * SECOND, "task");
    expect(targets.map(({ target, done, planned: of }) => [target, done, of])).toEqual([
      ["inc-1", 2, 2],
      ["inc-2", 1, 2],
      ["inc-3", 0, 2],
      ["inc-4", 0, 2],
    ]);
  });

  test("end later the longer nothing ends", async () => {
    expect((await statusAt(T + 40 * SECOND)).etaMs).toBe(120 * SECOND);
  });

  test("have no end in sight where nothing has ended in this sitting", async () => {
    await store.addEvent({ runId: RUN, at: T + 30 * SECOND, type: "resume", data: {} });
    expect((await statusAt(T + 40 * SECOND)).etaMs).toBeNull();
  });

  test("are shown with the lower bound of a cost that is not known in full", async () => {
    const text = statusText(await statusAt(T + 20 * SECOND), "agent");
    expect(text).toContain("[###########...................] 3/8 episodes, 1 running, 4 pending, ETA 60 s");
    expect(text).toMatch(
      /│ a +│ 2\/4 +│ 1 +│ 1 +│ 1\/1 1\.00 \[0\.21, 1\.00\] +│ server 1 +│ 8, 2 failed │ 240 +│ ≥ \$0\.0050 │ 20 s/,
    );
  });
});

describe("the process that plays a run", () => {
  beforeEach(async () => {
    await planned(store, RUN, aPlan(["a"], ["inc-1"]));
    await store.startRun(RUN, T);
  });

  test("is heard of, and then silent", async () => {
    await hold({ host: `not-${hostname()}`, pid: 7 });
    expect((await statusAt(T + 5 * SECOND)).player).toMatchObject({ liveness: "alive", pid: 7, heartbeatAt: T });
    const late = await statusAt(T + 61 * SECOND);
    expect(late.player).toMatchObject({ liveness: "dead" });
    expect(statusText(late, "agent")).toContain(`is dead or silent. To go on: oncall resume ${RUN}`);
  });

  test("is dead at once when there is no such process on this machine", async () => {
    await hold({ pid: 2 ** 22 + 1 }); // beyond what Linux gives
    expect((await statusAt(T + 1)).player).toMatchObject({ liveness: "dead" });
  });

  test("is nobody once the run has stopped, and the reason is said", async () => {
    await hold({});
    await store.finishRun(RUN, { status: "paused", at: T + 1, reason: "by a signal" });
    const status = await statusAt(T + 2);
    expect(status).toMatchObject({ player: null, etaMs: null, endpoints: [] });
    expect(statusText(status, "agent")).toContain("core@1.0.0: paused: by a signal");
  });
});

describe("why a run waits", () => {
  const rules = someRules({ minIntervalMs: 15 * SECOND, rateLimit: 2, breakerThreshold: 2 });
  const model: VariantIdentity = { ...aVariant("tools:gpt"), kind: "llm", model: "gpt-5.5" };
  let episodeId: string;

  beforeEach(async () => {
    const plan = aPlan(["tools:gpt"], ["inc-1", "inc-2"]);
    const slots = plan.slots.map((slot) => ({ ...slot, variantId: variantId(model) }));
    const policy = { gpt: { min_interval_s: 15, rate_limit: 2, rate_window_s: 60, breaker_pause_s: 60 } };
    const [first = ""] = await planned(store, RUN, { ...plan, variants: [model], slots }, { policy });
    await store.startRun(RUN, T);
    episodeId = await attempt(first, T, null);
  });

  async function send(requestNo: number, at: number): Promise<Parameters<ResultStore["settlePermit"]>[0]> {
    const call: NewCall = aCall(`call-${requestNo}`, { runId: RUN, episodeId, requestNo, modelRequested: "gpt-5.5" });
    const permit = await store.takePermit(call, rules, { at, served: [], backoffMs: 0 });
    if (permit.status === "held") throw new Error(`Expected a permit, got held by ${permit.holds[0]?.cause}.`);
    return permit;
  }

  test("is a call that is under way", async () => {
    await send(1, T);
    const status = await statusAt(T + 12 * SECOND);
    expect(status.endpoints).toEqual([
      expect.objectContaining({ agents: ["tools:gpt"], inFlight: [{ model: "gpt-5.5", sentAt: T }] }),
    ]);
    expect(statusText(status, "agent")).toContain("tools:gpt: a call to gpt-5.5 has been under way for 12 s");
    expect(status.targets[0]).toMatchObject({ calls: 1, failedCalls: 0, costUusd: null, running: 1 });
  });

  test("is the gap between calls, then the window", async () => {
    await store.settlePermit(await send(1, T), rules, okEnd(T + SECOND));
    expect(await textAt(T + 2 * SECOND)).toContain("Waiting for the provider: gap between calls, up to 14 s.");
    expect(await textAt(T + 17 * SECOND)).not.toContain("Waiting");
    await store.settlePermit(await send(2, T + 17 * SECOND), rules, okEnd(T + 18 * SECOND));
    expect(await textAt(T + 40 * SECOND)).toContain("Waiting for the provider: rate window, up to 20 s.");
  });

  test("is a breaker that is open, and then the probe", async () => {
    for (const [no, at] of [
      [1, T],
      [2, T + 16 * SECOND],
    ] as const) {
      await store.settlePermit(await send(no, at), rules, failedEnd(at + SECOND, { httpStatus: 503 }));
    }
    const status = await statusAt(T + 30 * SECOND);
    expect(status.endpoints[0]).toMatchObject({
      breaker: "open",
      lastFailure: { errorClass: "server", httpStatus: 503, at: T + 17 * SECOND },
    });
    const text = statusText(status, "agent");
    expect(text).toContain("Waiting for the provider: breaker open, up to 47 s.");
    expect(text).toContain("the latest call failed 13 s ago: server, HTTP 503");
    expect(text).toContain("breaker_opened");
    await send(3, T + 80 * SECOND);
    expect(await textAt(T + 81 * SECOND)).toContain("one call tries whether the provider is back");
  });

  test("is a time that the provider asked for", async () => {
    const end = failedEnd(T + SECOND, { errorClass: "rate_limited", retryAfterMs: 40 * SECOND });
    await store.settlePermit(await send(1, T), rules, end);
    expect(await textAt(T + 21 * SECOND)).toContain("the provider asked to wait, up to 20 s.");
  });

  test("is told by the rules that hold since they were changed", async () => {
    const policy = { gpt: { min_interval_s: 100 } };
    await store.addEvent({ runId: RUN, at: T, type: "policy_changed", data: { policy, prices: [] } });
    await store.settlePermit(await send(1, T), rules, okEnd(T + SECOND));
    expect(await textAt(T + 2 * SECOND)).toContain("gap between calls, up to 99 s.");
  });

  test("is known between two episodes, too", async () => {
    await store.settlePermit(await send(1, T), rules, okEnd(T + SECOND));
    await store.commitEpisode(finished(episodeId, { endedAt: T + SECOND }));
    expect((await store.gate(anEndpoint))?.lastFinish).toBe(T + SECOND);
    expect(await textAt(T + 2 * SECOND)).toContain("gap between calls, up to 14 s.");
  });
});
