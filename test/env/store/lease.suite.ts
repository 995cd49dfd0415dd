import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend } from "../../../env/store/backend.ts";
import type { HoldClaim, ResultStore } from "../../../env/store/store.ts";
import { aCall, anOwner, aPlan, failedEnd, finished, held, okEnd, planned, someRules, started } from "./fixtures.ts";

/** What every store does about who plays a run, whatever keeps it. `open` gives an empty one. */
export function describeLeases(name: string, open: () => Promise<Backend>): void {
  describe(`the holding of a run in a ${name} store`, () => {
    let store: ResultStore;
    let slots: string[];
    beforeEach(async () => {
      store = (await open()).results;
      slots = await planned(store, "r", aPlan(["random", "expert"], ["inc-101"]));
    });
    afterEach(() => store.close());

    const hold = (token: string, changes: Partial<HoldClaim> = {}) =>
      store.holdRun("r", { owner: anOwner(token), at: 1000, replaces: null, ...changes });
    const holder = async () => {
      const run = await store.run("r");
      return [run?.owner?.token ?? null, run?.heartbeatAt];
    };
    const states = async () => (await store.slots("r")).map(({ state }) => state);

    test("a free run is anyone's, and who has it is stored whole", async () => {
      expect(await hold("a")).toEqual({ status: "held" });
      expect(await store.run("r")).toMatchObject({ owner: anOwner("a"), heartbeatAt: 1000 });
    });

    test("a held run is refused with its holder, and stays as it is", async () => {
      await hold("a");
      expect(await hold("b", { at: 2000 })).toEqual(refusedFor("a"));
      expect(await holder()).toEqual(["a", 1000]);
    });

    test("the holder may take it again", async () => {
      await hold("a");
      expect(await hold("a", { at: 2000 })).toEqual({ status: "held" });
      expect(await holder()).toEqual(["a", 2000]);
    });

    test("a holder that is taken for dead is replaced", async () => {
      await hold("a");
      expect(await hold("b", { replaces: "a", at: 2000 })).toEqual({ status: "held" });
      expect(await holder()).toEqual(["b", 2000]);
    });

    test("of several that take the same holder for dead, one gets the run", async () => {
      await hold("dead");
      const answers = await Promise.all(["a", "b", "c"].map((token) => hold(token, { replaces: "dead" })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual(["held", "refused", "refused"]);
      const [winner] = await holder();
      expect(answers.filter(({ status }) => status === "refused")).toEqual([
        refusedFor(winner as string),
        refusedFor(winner as string),
      ]);
    });

    test("a holder that left in the meantime stands in nobody's way", async () => {
      await hold("a");
      await store.finishRun("r", { status: "paused", at: 5 });
      expect(await hold("b", { replaces: "a" })).toEqual({ status: "held" });
    });

    test("only a run that is stored can be held", async () => {
      const claim = { owner: anOwner("a"), at: 1, replaces: null };
      await expect(store.holdRun("x", claim)).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test.each([
      ["run.owner.pid", { owner: anOwner("a", { pid: NaN }) }],
      ["run.owner.host", { owner: anOwner("a", { host: "\ud800" }) }],
      ["run.owner", { owner: { ...anOwner("a"), password: "x" } }],
      ["run.heartbeatAt", { at: -1 }],
    ])("names the field of a claim that cannot be stored: %s", async (field, changes) => {
      await expect(hold("a", changes)).rejects.toThrow(`${field}: `);
      expect(await holder()).toEqual([null, null]);
    });

    test("a heartbeat is the holder's alone", async () => {
      expect(await store.beatRun("r", "a", 2000)).toBe(false);
      await hold("a");
      expect(await store.beatRun("r", "a", 2000)).toBe(true);
      expect(await store.beatRun("r", "b", 3000)).toBe(false);
      expect(await store.beatRun("x", "a", 3000)).toBe(false);
      expect(await holder()).toEqual(["a", 2000]);
      await hold("b", { replaces: "a" });
      expect(await store.beatRun("r", "a", 4000)).toBe(false);
      await expect(store.beatRun("r", "b", NaN)).rejects.toThrow("run.at: ");
    });

    test("a run that has stopped is nobody's", async () => {
      await hold("a");
      expect(await store.finishRun("r", { status: "complete", at: 9 })).toBe(true);
      expect(await holder()).toEqual([null, null]);
    });

    test("a process that lost the run cannot stop it", async () => {
      await store.startRun("r", 1);
      await hold("b");
      expect(await store.finishRun("r", { status: "paused", at: 9 }, "a")).toBe(false);
      expect(await store.run("r")).toMatchObject({ status: "running", owner: { token: "b" } });
      expect(await store.finishRun("r", { status: "complete", at: 9 }, "b")).toBe(true);
      expect(await store.run("r")).toMatchObject({ status: "complete", endedAt: 9, owner: null });
      expect(await store.finishRun("r", { status: "failed", at: 10 }, "b")).toBe(false);
      await expect(store.finishRun("x", { status: "failed", at: 10 }, "b")).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
    });

    test("what a dead process was playing is abandoned, and pending again", async () => {
      const [scored, running] = slots as [string, string];
      await store.commitEpisode(finished(await started(store, scored)));
      const lost = await started(store, running);
      expect(await store.recoverRun("r", 77)).toEqual({ episodes: 1, calls: 0 });
      expect(await states()).toEqual(["scored", "pending"]);
      const [, abandoned] = await store.episodes();
      expect(abandoned).toMatchObject({
        episodeId: lost,
        outcome: "abandoned",
        endedAt: 77,
        final: false,
        score: null,
      });
      expect(abandoned).toMatchObject({ scored: false, costComplete: false });
      expect(await store.recoverRun("r", 78)).toEqual({ episodes: 0, calls: 0 });
    });

    test("the next attempt is another one, and counts", async () => {
      const first = await started(store, slots[0] as string);
      await store.recoverRun("r", 1);
      const second = await started(store, slots[0] as string);
      expect(second).not.toBe(first);
      expect(await store.commitEpisode(finished(second))).toBe("inserted");
      expect(await store.episodes()).toMatchObject([
        { attempt: 1, outcome: "abandoned", final: false },
        { attempt: 2, outcome: "failure", final: true },
      ]);
    });

    test("what counted for a slot before still counts while it is played again, and after that failed", async () => {
      const spoilt = await started(store, slots[0] as string);
      await store.commitEpisode(finished(spoilt, { outcome: "provider_error", score: null }));
      await store.reopenSlot(slots[0] as string);
      await started(store, slots[0] as string);
      await store.recoverRun("r", 1);
      expect(await store.slots("r")).toMatchObject([{ state: "pending", attempts: 2, finalEpisodeId: spoilt }, {}]);
    });

    test("its calls in flight are lost, those that ended are not", async () => {
      const episodeId = await started(store, slots[0] as string);
      const rules = someRules();
      const take = async (callId: string, changes: object) => {
        const call = aCall(callId, { runId: "r", episodeId, ...changes });
        const permit = await store.takePermit(call, rules, { at: 5, served: [], backoffMs: 0 });
        if (permit.status === "held") throw new Error("Expected a permit.");
        return permit;
      };
      await store.settlePermit(await take("ok", {}), rules, okEnd(6));
      await store.settlePermit(await take("failed", { requestNo: 2 }), rules, failedEnd(7));
      const late = await take("late", { requestNo: 3 });
      await take("outside", { requestNo: 4, runId: null, episodeId: null });
      expect(await store.recoverRun("r", 9)).toEqual({ episodes: 1, calls: 1 });
      expect(await store.settlePermit(late, rules, okEnd(10))).toEqual({ change: null });
      const calls = (await store.calls()).map(({ callId, state }) => `${callId} ${state}`);
      expect(calls).toEqual(["ok ok", "failed failed", "late lost", "outside in_flight"]);
    });

    test("recovering leaves other runs alone, and needs one that is stored", async () => {
      const [other] = await planned(store, "s", aPlan(["random"], ["inc-101"]));
      await started(store, other as string);
      expect(await store.recoverRun("r", 1)).toEqual({ episodes: 0, calls: 0 });
      expect(await store.slots("s", "running")).toHaveLength(1);
      await expect(store.recoverRun("x", 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(store.recoverRun("s", NaN)).rejects.toThrow("run.at: ");
      expect(await store.slots("s", "running")).toHaveLength(1);
    });

    test("who was taken for dead and lives stores nothing of what was abandoned", async () => {
      await held(store, "r", "a");
      const episode = await started(store, slots[0] as string);
      await hold("b", { replaces: "a" });
      await store.recoverRun("r", 1);
      expect(await store.commitEpisode(finished(episode))).toBe("lease_lost");
      expect(await store.steps(episode)).toEqual([]);
      expect(await store.episodes()).toMatchObject([{ outcome: "abandoned", score: null, steps: 0 }]);
      expect(await states()).toEqual(["pending", "pending"]);
    });

    test("what it committed before that stays, also while another plays on", async () => {
      const episode = await started(store, slots[0] as string);
      await store.commitEpisode(finished(episode));
      await store.recoverRun("r", 1);
      await started(store, slots[1] as string);
      expect(await store.commitEpisode(finished(episode))).toBe("duplicate");
      expect(await states()).toEqual(["scored", "running"]);
    });

    test("a deleted run takes its holder with it", async () => {
      await hold("a");
      expect(await store.deleteRun("r")).toBe(true);
      expect(await store.beatRun("r", "a", 5)).toBe(false);
      await planned(store, "r", aPlan(["random"], ["inc-101"]));
      expect(await hold("b")).toEqual({ status: "held" });
    });
  });
}

const refusedFor = (token: string) => ({ status: "refused", owner: anOwner(token), heartbeatAt: 1000 });
