import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend } from "../../../env/store/backend.ts";
import type { Claim, JobQueue, Lease } from "../../../env/store/queue.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { anOwner, aPlan, aSlot, finished, held, planned } from "./fixtures.ts";

/** What every queue of slots does, whatever keeps it. `open` gives an empty one. */
export function describeQueue(name: string, open: () => Promise<Backend>): void {
  describe(`the queue of a ${name} store`, () => {
    let backend: Backend;
    let store: ResultStore;
    let jobs: JobQueue;
    let slots: string[];
    /** Two variants on two tasks, in the hand of "me". */
    beforeEach(async () => {
      backend = await open();
      ({ results: store, jobs } = backend);
      slots = await planned(store, "r", aPlan(["random", "expert"], ["inc-101", "inc-102"]));
      await held(store, "r", "me");
    });
    afterEach(() => backend.close());

    const claim = (changes: Partial<Claim> = {}) =>
      jobs.claim({ runId: "r", worker: "me", max: 1, at: 50, ...changes });
    const claimed = async (changes: Partial<Claim> = {}): Promise<Lease> => {
      const [lease] = await claim(changes);
      if (lease === undefined) throw new Error("Expected a slot, got none.");
      return lease;
    };
    const { variantId: expert } = aSlot("expert", "inc-101", 0);
    const states = async () => (await store.slots("r")).map(({ state }) => state);
    const takenOver = () => store.holdRun("r", { owner: anOwner("other"), at: 60, replaces: "me" });

    test("gives slots in the order of play, each once", async () => {
      expect(ordinals(await claim({ max: 3 }))).toEqual([0, 1, 2]);
      expect(ordinals(await claim({ max: 3 }))).toEqual([3]);
      expect(await claim()).toEqual([]);
    });

    test("gives each of many claims another slot", async () => {
      const leases = (await Promise.all(Array.from({ length: 6 }, () => claim()))).flat();
      expect(ordinals(leases)).toEqual([0, 1, 2, 3]);
    });

    test("begins the attempt with the claim", async () => {
      const lease = await claimed();
      expect(lease).toMatchObject({
        attempt: 1,
        worker: "me",
        slot: { slotId: slots[0], state: "running", attempts: 1 },
      });
      expect((await store.slots("r"))[0]).toEqual(lease.slot);
      const { episodeId } = lease;
      expect(await store.episodes()).toMatchObject([{ episodeId, attempt: 1, outcome: null, startedAt: 50 }]);
      expect(await store.startEpisode(slots[0] as string, 1)).toEqual({ status: "taken", state: "running" });
    });

    test("gives equal places in the order of their ids", async () => {
      await store.deleteRun("r");
      const { slots: all, ...names } = aPlan(["random", "expert"], ["inc-101", "inc-102"]);
      const ids = await planned(store, "r", { ...names, slots: all.map((slot) => ({ ...slot, ordinal: 7 })) });
      await held(store, "r", "me");
      expect((await claim({ max: 9 })).map(({ slot }) => slot.slotId)).toEqual(ids.toSorted());
    });

    test("gives slots of the variants that the worker can play", async () => {
      expect(ordinals(await claim({ variantIds: [expert], max: 9 }))).toEqual([2, 3]);
      expect(await claim({ variantIds: [expert] })).toEqual([]);
      expect(await claim({ variantIds: [] })).toEqual([]);
      expect(ordinals(await claim({ max: 9 }))).toEqual([0, 1]);
    });

    test("gives none when none is wanted", async () => {
      expect(await claim({ max: 0 })).toEqual([]);
      expect(await states()).toEqual(["pending", "pending", "pending", "pending"]);
    });

    test("passes over what another way has taken or scored", async () => {
      await store.startEpisode(slots[0] as string, 1);
      await store.commitEpisode(finished((await claimed()).episodeId));
      expect(ordinals(await claim())).toEqual([2]);
    });

    test("gives nothing of another run", async () => {
      await planned(store, "s", aPlan(["random"], ["inc-101"]), { createdAt: 1 });
      expect(ordinals(await claim({ max: 9 }))).toEqual([0, 1, 2, 3]);
      expect(await store.slots("s", "pending")).toHaveLength(1);
    });

    test.each([
      ["nobody has", async () => void (await store.finishRun("r", { status: "paused", at: 1 }))],
      ["another has taken over", async () => void (await takenOver())],
    ])("gives nothing of a run that %s", async (_, lose) => {
      await lose();
      await expect(claim()).rejects.toMatchObject({ code: "LEASE_LOST" });
      expect(await states()).toEqual(["pending", "pending", "pending", "pending"]);
    });

    test("says who has the run", async () => {
      await takenOver();
      await expect(claim()).rejects.toThrow('Run "r" is held by process 4711 on here.');
    });

    test.each([
      [{ runId: "x" }, 'Run "x".'],
      [{ max: -1 }, "claim.max: "],
      [{ max: 1.5 }, "claim.max: "],
      [{ max: Infinity }, "claim.max: "],
      [{ at: NaN }, "claim.at: "],
    ])("refuses a claim with %o and takes nothing", async (changes, message) => {
      await expect(claim(changes)).rejects.toThrow(message);
      expect(await states()).toEqual(["pending", "pending", "pending", "pending"]);
    });

    test("a lease that is extended beats the run", async () => {
      const lease = await claimed();
      expect(await jobs.extend(lease, 5000)).toBe(true);
      expect((await store.run("r"))?.heartbeatAt).toBe(5000);
      await expect(jobs.extend(lease, NaN)).rejects.toThrow("run.at: ");
    });

    test.each([
      ["its attempt has ended", async ({ episodeId }: Lease) => void (await store.commitEpisode(finished(episodeId)))],
      ["the run is another's", async () => void (await takenOver())],
      ["the run was recovered", async () => void (await store.recoverRun("r", 1))],
      ["the run has stopped", async () => void (await store.finishRun("r", { status: "paused", at: 1 }))],
      ["the run was deleted", async () => void (await store.deleteRun("r"))],
    ])("a lease cannot be extended when %s", async (_, end) => {
      const lease = await claimed();
      await end(lease);
      const before = await store.run("r");
      expect(await jobs.extend(lease, 9_000_000_000_000)).toBe(false);
      expect(await store.run("r")).toEqual(before);
    });

    test("a slot that is given back is the next one again, as another attempt", async () => {
      const first = await claimed();
      expect(await jobs.release(first, 70)).toBe(true);
      expect(await store.episodes()).toMatchObject([{ outcome: "abandoned", endedAt: 70, final: false }]);
      expect(await states()).toEqual(["pending", "pending", "pending", "pending"]);
      const second = await claimed();
      expect(second).toMatchObject({ attempt: 2, slot: { slotId: slots[0], attempts: 2 } });
      expect(await store.commitEpisode(finished(first.episodeId))).toBe("lease_lost");
      expect(await store.commitEpisode(finished(second.episodeId))).toBe("inserted");
    });

    test("a slot is given back once, and not after its result", async () => {
      const lease = await claimed();
      await expect(jobs.release(lease, NaN)).rejects.toThrow("episode.at: ");
      expect(await jobs.release(lease, 1)).toBe(true);
      expect(await jobs.release(lease, 2)).toBe(false);
      const again = await claimed();
      await store.commitEpisode(finished(again.episodeId));
      expect(await jobs.release(again, 3)).toBe(false);
      expect(await states()).toEqual(["scored", "pending", "pending", "pending"]);
      await store.deleteRun("r");
      expect(await jobs.release(again, 3)).toBe(false);
    });

    test("what was not scored can be played again, what was cannot", async () => {
      await store.commitEpisode(finished((await claimed()).episodeId));
      const spoilt = { outcome: "provider_error", score: null } as const;
      await store.commitEpisode(finished((await claimed()).episodeId, spoilt));
      await claimed();
      expect(await jobs.enqueue(slots)).toEqual({ added: 1, already: 3 });
      expect(await states()).toEqual(["scored", "pending", "running", "pending"]);
      expect(await jobs.enqueue(slots)).toEqual({ added: 0, already: 4 });
      expect(ordinals(await claim())).toEqual([1]);
    });

    test("a slot named twice is added once", async () => {
      const spoilt = { outcome: "harness_error", score: null } as const;
      await store.commitEpisode(finished((await claimed()).episodeId, spoilt));
      expect(await jobs.enqueue([slots[0] as string, slots[0] as string])).toEqual({ added: 1, already: 1 });
      expect(await jobs.enqueue([])).toEqual({ added: 0, already: 0 });
    });

    test("adds nothing when one slot is unknown", async () => {
      const spoilt = { outcome: "harness_error", score: null } as const;
      await store.commitEpisode(finished((await claimed()).episodeId, spoilt));
      await expect(jobs.enqueue([slots[0] as string, "nowhere"])).rejects.toThrow('Slot "nowhere".');
      expect((await states())[0]).toBe("unscored");
    });

    test("plays what was scored once more when that is asked for, and the later attempt counts", async () => {
      const first = await claimed();
      await store.commitEpisode(finished(first.episodeId, { score: 0.25 }));
      const running = await claimed();
      expect(await jobs.rerun([first.slot.slotId, running.slot.slotId, slots[3] as string])).toEqual({
        added: 1,
        already: 2,
      });
      expect(await states()).toEqual(["pending", "running", "pending", "pending"]);
      expect((await store.episodes({ finalOnly: true })).map(({ score }) => score)).toEqual([0.25]);
      const second = await claimed();
      expect(second).toMatchObject({ attempt: 2, slot: { slotId: first.slot.slotId } });
      await store.commitEpisode(finished(second.episodeId, { score: 0.75 }));
      expect((await store.episodes({ finalOnly: true })).map(({ score }) => score)).toEqual([0.75]);
      expect(await store.episodes({ outcomes: ["failure"] })).toHaveLength(2);
      await expect(jobs.rerun([first.slot.slotId, "nowhere"])).rejects.toThrow('Slot "nowhere".');
      expect((await states())[0]).toBe("scored");
    });

    test("what counted still counts when playing once more comes to nothing", async () => {
      const first = await claimed();
      await store.commitEpisode(finished(first.episodeId));
      await jobs.rerun([first.slot.slotId]);
      await jobs.release(await claimed(), 1);
      await claimed();
      await store.recoverRun("r", 2);
      expect((await store.slots("r"))[0]).toMatchObject({ attempts: 3, finalEpisodeId: first.episodeId });
    });

    test("counts the slots of a run by state", async () => {
      await store.commitEpisode(finished((await claimed()).episodeId));
      await store.commitEpisode(finished((await claimed()).episodeId, { outcome: "cancelled", score: null }));
      await claimed();
      expect(await jobs.stats("r")).toEqual({ pending: 1, running: 1, scored: 1, unscored: 1 });
      expect(await jobs.stats("x")).toEqual({ pending: 0, running: 0, scored: 0, unscored: 0 });
    });

    test("what a claim gives is the caller's own", async () => {
      const lease = await claimed();
      Object.assign(lease.slot, { state: "scored", ordinal: 99 });
      expect((await store.slots("r"))[0]).toMatchObject({ state: "running", ordinal: 0 });
    });

    test("is closed with its results, and they with it", async () => {
      await store.close();
      await expect(claim()).rejects.toMatchObject({ code: "CLOSED" });
      await backend.close();
    });
  });
}

const ordinals = (leases: readonly Lease[]) => leases.map(({ slot }) => slot.ordinal);
