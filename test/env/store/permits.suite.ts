import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../../env/store/canonical.ts";
import type { GateRules, Held, NewCall, Permit, ResultStore } from "../../../env/store/store.ts";
import { aCall, anEndpoint, aPlan, failedEnd, okEnd, planned, someRules, started } from "./fixtures.ts";

/** What every store does about calls and gates, whatever keeps them. `open` gives an empty one. */
export function describePermits(name: string, open: () => Promise<ResultStore>): void {
  describe(`the permits of a ${name} store`, () => {
    let store: ResultStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const ask = (call: NewCall, rules: GateRules, at: number, served: readonly string[] = [], backoffMs = 0) =>
      store.takePermit(call, rules, { at, served, backoffMs });
    const take = async (callId: string, rules: GateRules, at: number): Promise<Permit> => {
      const answer = await ask(aCall(callId), rules, at);
      if (answer.status === "held") throw new Error(`Expected a permit, got ${JSON.stringify(answer.holds)}.`);
      return answer;
    };
    const held = async (rules: GateRules, at: number, served: readonly string[] = []) => {
      const answer = (await ask(aCall("refused"), rules, at, served)) as Held;
      return answer.holds.map(({ cause, ms }) => [cause, ms]);
    };
    /** Takes and settles calls as failed until the breaker is open. */
    const opened = async (rules: GateRules, at: number) => {
      for (let i = 0; i < rules.breakerThreshold; i += 1) {
        await store.settlePermit(await take(`failed-${at}-${i}`, rules, at), rules, failedEnd(at));
      }
    };

    test("a permit comes with the row of its call, and a refusal leaves none", async () => {
      const rules = someRules({ minIntervalMs: 1000 });
      const permit = await take("a", rules, 5000);
      expect(permit).toEqual({
        status: "permitted",
        callId: "a",
        endpointKey: anEndpoint,
        epoch: 0,
        isProbe: false,
        sentAt: 5000,
      });
      expect(await held(rules, 5400)).toEqual([["gap", 600]]);
      expect(await store.calls()).toMatchObject([{ callId: "a", state: "in_flight", sentAt: 5000, finishedAt: null }]);
    });

    test("the end of a call is stored whole, once", async () => {
      const permit = await take("a", someRules(), 10);
      const end = okEnd(30, {
        ttfbMs: 5,
        latencyMs: 20,
        modelReturned: "model-2",
        inputTokens: 7,
        usageSource: "reported",
        costUusd: 0,
        quirks: ["two_choices"],
      });
      await store.settlePermit(permit, someRules(), end);
      expect(await store.settlePermit(permit, someRules(), failedEnd(40))).toEqual({ change: null });
      expect(await store.calls()).toMatchObject([{ ...end, sentAt: 10, outputTokens: null }]);
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "closed", failures: 0, lastFinish: 30 });
    });

    test("the gap counts from the last start and from the last finish", async () => {
      const rules = someRules({ minIntervalMs: 1000 });
      const permit = await take("a", rules, 0);
      expect(await held(rules, 900)).toEqual([["gap", 100]]);
      await store.settlePermit(permit, rules, okEnd(800));
      expect(await held(rules, 900)).toEqual([
        ["gap", 100],
        ["gap", 900],
      ]);
      await take("b", rules, 1800);
    });

    test("a window counts starts, and one that is exactly as long ago is out of it", async () => {
      const rules = someRules({ rateLimit: 2, rateWindowMs: 60_000, maxInFlight: 9 });
      await take("a", rules, 0);
      await take("b", rules, 10);
      expect(await held(rules, 59_999)).toEqual([["window", 1]]);
      await take("c", rules, 60_000);
      expect(await held(rules, 60_000)).toEqual([["window", 10]]);
    });

    test("calls in flight hold up others until they end, or are too old to be alive", async () => {
      const rules = someRules({ maxInFlight: 1, inFlightExpiryMs: 5000 });
      await take("a", rules, 0);
      const answer = (await ask(aCall("b"), rules, 1000)) as Held;
      expect(answer.holds).toEqual([{ key: "in_flight:a", cause: "in_flight", ms: 4000, mayEndSooner: true }]);
      await take("b", rules, 5000);
    });

    test("a retry-after holds up all calls to the endpoint, and none to another", async () => {
      const rules = someRules();
      await store.settlePermit(await take("a", rules, 0), rules, failedEnd(0, { retryAfterMs: 7000 }));
      await store.settlePermit(await take("b", rules, 7000), rules, failedEnd(7000, { retryAfterMs: 0 }));
      expect(await held(rules, 6000)).toEqual([["retry_after", 1000]]);
      const other = aCall("c", { endpointKey: sha256("other") });
      expect(await ask(other, rules, 6000)).toMatchObject({ status: "permitted" });
    });

    test("counted failures in a row open the breaker, one probe tries it, and its success closes it", async () => {
      const rules = someRules();
      await opened(rules, 1000);
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "open", failures: 3, epoch: 1, openUntil: 61_000 });
      expect(await held(rules, 2000)).toEqual([["breaker", 59_000]]);
      const probe = await take("probe", rules, 61_000);
      expect(probe).toMatchObject({ isProbe: true, epoch: 1 });
      expect(await held(rules, 61_000)).toEqual([["breaker", 125_000]]);
      expect(await store.settlePermit(probe, rules, okEnd(62_000))).toEqual({ change: "closed" });
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "closed", failures: 0, probeCallId: null });
    });

    test("a failed probe opens the breaker again, another error lets the next one try", async () => {
      const rules = someRules();
      await opened(rules, 0);
      const first = await take("first", rules, 60_000);
      expect(await store.settlePermit(first, rules, failedEnd(60_001, { breakerCounted: false }))).toEqual({
        change: null,
      });
      const second = await take("second", rules, 60_002);
      expect(second.isProbe).toBe(true);
      expect(await store.settlePermit(second, rules, failedEnd(60_003))).toEqual({ change: "opened" });
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "open", epoch: 2, openUntil: 120_003 });
    });

    test("a probe whose process died does not keep the gate shut", async () => {
      const rules = someRules({ inFlightExpiryMs: 5000 });
      await opened(rules, 0);
      await take("dead", rules, 60_000);
      expect(await take("next", rules, 65_000)).toMatchObject({ isProbe: true });
    });

    test("a success in between starts the count again, and other errors neither count nor clear it", async () => {
      const rules = someRules();
      const ends = [failedEnd(1), failedEnd(1), okEnd(1), failedEnd(1), failedEnd(1, { breakerCounted: false })];
      for (const [i, end] of [...ends, failedEnd(1)].entries()) {
        await store.settlePermit(await take(`${i}`, rules, 1), rules, end);
      }
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "closed", failures: 2 });
    });

    test("a call that began before the breaker opened moves it no more", async () => {
      const rules = someRules({ maxInFlight: 9 });
      const early = await take("early", rules, 0);
      await opened(rules, 1000);
      expect(await store.settlePermit(early, rules, okEnd(2000))).toEqual({ change: "stale" });
      expect(await store.gate(anEndpoint)).toMatchObject({ state: "open", failures: 3, lastFinish: 2000 });
    });

    test("a hold that was sat out is none any more, whatever the wall clock says", async () => {
      const rules = someRules({ minIntervalMs: 1000, rateLimit: 1, rateWindowMs: 3000 });
      const anHour = 3_600_000;
      await store.settlePermit(await take("a", rules, anHour), rules, failedEnd(anHour, { retryAfterMs: 2000 }));
      const { holds } = (await ask(aCall("b"), rules, 0)) as Held; // the clock was set back by an hour
      expect(holds.map(({ cause, ms }) => [cause, ms])).toEqual([
        ["gap", 1000],
        ["gap", 1000],
        ["window", 3000],
        ["retry_after", 300_000],
      ]);
      const keys = holds.map(({ key }) => key);
      expect(await ask(aCall("b"), rules, 0, keys)).toMatchObject({ status: "permitted" });
    });

    test("the request's own back-off counts with the rest", async () => {
      const rules = someRules({ minIntervalMs: 500 });
      await take("a", rules, 0);
      const { holds } = (await ask(aCall("b"), rules, 0, [], 2000)) as Held;
      expect(holds.map(({ cause, ms }) => [cause, ms])).toEqual([
        ["gap", 500],
        ["backoff", 2000],
      ]);
    });

    test("what the breaker does is an event of the run whose call did it", async () => {
      const rules = someRules();
      await planned(store, "r", aPlan(["random"], ["inc-101"]));
      const ofRun = { runId: "r" };
      const early = (await ask(aCall("early", ofRun), rules, 0)) as Permit;
      for (const callId of ["a", "b", "c"]) {
        await store.settlePermit((await ask(aCall(callId, ofRun), rules, 0)) as Permit, rules, failedEnd(5));
      }
      await store.settlePermit(early, rules, okEnd(6));
      await store.settlePermit((await ask(aCall("probe", ofRun), rules, 60_005)) as Permit, rules, okEnd(60_006));
      const events = await store.events("r");
      expect(events.map(({ type, at }) => [type, at])).toEqual([
        ["breaker_opened", 5],
        ["stale", 6],
        ["breaker_probe", 60_005],
        ["breaker_closed", 60_006],
      ]);
      expect(events[0]?.data).toEqual({ endpointKey: anEndpoint, failures: 3, openUntil: 60_005 });
    });

    test("calls are listed in the order sent, of a run, an episode or an endpoint", async () => {
      const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
      const episodeId = await started(store, slot as string);
      const rules = someRules({ maxInFlight: 9 });
      await ask(aCall("late", { runId: "r" }), rules, 3);
      await ask(aCall("second", { runId: "r", episodeId, step: 1, attempt: 2 }), rules, 2);
      await ask(aCall("first", { runId: "r", episodeId, step: 1 }), rules, 2);
      await ask(aCall("elsewhere", { endpointKey: sha256("other") }), rules, 1);
      const ids = async (filter: Parameters<ResultStore["calls"]>[0]) =>
        (await store.calls(filter)).map(({ callId }) => callId);
      expect(await ids({})).toEqual(["elsewhere", "first", "second", "late"]);
      expect(await ids({ runId: "r" })).toEqual(["first", "second", "late"]);
      expect(await ids({ episodeId })).toEqual(["first", "second"]);
      expect(await ids({ endpointKey: sha256("other") })).toEqual(["elsewhere"]);
    });

    test("calls of a process that died are lost, and stay so", async () => {
      await planned(store, "r", aPlan(["random"], ["inc-101"]));
      const rules = someRules({ maxInFlight: 9 });
      const permit = (await ask(aCall("a", { runId: "r" }), rules, 0)) as Permit;
      await ask(aCall("other"), rules, 0);
      expect(await store.loseCalls("r")).toBe(1);
      expect(await store.loseCalls("r")).toBe(0);
      expect(await store.settlePermit(permit, rules, okEnd(9))).toEqual({ change: null });
      expect(await store.calls({ runId: "r" })).toMatchObject([{ state: "lost", finishedAt: null, costUusd: null }]);
    });

    test("calls outlive their run, so that deleting it gives no fresh allowance", async () => {
      const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
      const episodeId = await started(store, slot as string);
      const rules = someRules({ minIntervalMs: 1000 });
      await ask(aCall("a", { runId: "r", episodeId }), rules, 0);
      await store.deleteRun("r");
      expect(await store.calls()).toMatchObject([{ callId: "a", runId: null, episodeId: null }]);
      expect(await held(rules, 400)).toEqual([["gap", 600]]);
    });

    test("refuses odd calls and keeps nothing of them", async () => {
      await planned(store, "r", aPlan(["random"], ["inc-101"]));
      await expect(ask(aCall("a", { runId: "x" }), someRules(), 0)).rejects.toMatchObject({ code: "CONSTRAINT" });
      await expect(ask(aCall("a", { episodeId: "x" }), someRules(), 0)).rejects.toMatchObject({ code: "CONSTRAINT" });
      await expect(ask(aCall("a", { requestNo: NaN }), someRules(), 0)).rejects.toThrow("provider_call.requestNo: ");
      await expect(ask(aCall("a"), someRules(), NaN)).rejects.toThrow("provider_call.sentAt: ");
      expect(await store.calls()).toEqual([]);
      const permit = await take("a", someRules(), 0);
      await expect(ask(aCall("a"), someRules(), 1)).rejects.toMatchObject({ code: "CONSTRAINT" });
      await expect(store.settlePermit(permit, someRules(), okEnd(1, { costUusd: 0.5 }))).rejects.toThrow(
        "provider_call.costUusd: ",
      );
      await expect(store.settlePermit({ ...permit, callId: "x" }, someRules(), okEnd(1))).rejects.toThrow('Call "x".');
      expect(await store.calls()).toMatchObject([{ state: "in_flight" }]);
    });

    test("one attempt of one request of an episode is sent once", async () => {
      const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
      const episodeId = await started(store, slot as string);
      await ask(aCall("a", { runId: "r", episodeId }), someRules(), 0);
      await expect(ask(aCall("b", { runId: "r", episodeId }), someRules(), 0)).rejects.toMatchObject({
        code: "CONSTRAINT",
      });
      expect(await store.calls()).toHaveLength(1);
    });
  });
}
