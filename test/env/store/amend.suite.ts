import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend } from "../../../env/store/backend.ts";
import { sha256 } from "../../../env/store/canonical.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { aPlan, finished, planned, started } from "./fixtures.ts";

/** What every store does when a run is to play something else than was planned. `open` gives an empty one. */
export function describeAmending(name: string, open: () => Promise<Backend>): void {
  describe(`a changed plan in a ${name} store`, () => {
    let store: ResultStore;
    let slots: string[];
    beforeEach(async () => {
      store = (await open()).results;
      slots = await planned(store, "r", aPlan(["random"], ["inc-101", "inc-102", "inc-103", "inc-104"]));
    });
    afterEach(() => store.close());

    const order = async () => (await store.slots("r")).map(({ slotId, ordinal }) => [slots.indexOf(slotId), ordinal]);
    const pick = (...places: number[]) => places.map((place) => slots[place] as string);

    test("is known by its filter, trials and fingerprint, and nothing else of the run has changed", async () => {
      const before = await store.run("r");
      const amendment = { filter: { tasks: ["inc-101", "inc-102"] }, trials: 3, fingerprint: sha256("more") };
      await store.amendRun("r", amendment);
      expect(await store.run("r")).toEqual({ ...before, ...amendment });
    });

    test.each([
      ["run.trials", { trials: -1 }],
      ["run.fingerprint", { fingerprint: "\ud800" }],
      ["run.filter", { filter: { tasks: NaN } }],
    ])("names the field that cannot be stored: %s", async (field, changes) => {
      const before = await store.run("r");
      const amendment = { filter: {}, trials: 1, fingerprint: "f", ...changes };
      await expect(store.amendRun("r", amendment)).rejects.toThrow(`${field}: `);
      expect(await store.run("r")).toEqual(before);
    });

    test("belongs to a run that is stored", async () => {
      const amended = store.amendRun("x", { filter: {}, trials: 1, fingerprint: "f" });
      await expect(amended).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(store.orderSlots("x", [])).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test("takes out what was never played, and keeps what was", async () => {
      await store.commitEpisode(finished(await started(store, slots[0] as string)));
      await started(store, slots[1] as string);
      expect(await store.dropSlots("r", pick(0, 1, 2, 2))).toEqual({ dropped: 1, kept: 2 });
      expect((await order()).map(([place]) => place)).toEqual([0, 1, 3]);
      expect(await store.dropSlots("r", pick(0, 1, 2))).toEqual({ dropped: 0, kept: 2 });
    });

    test("keeps a slot whose only attempt was given up", async () => {
      await started(store, slots[0] as string);
      await store.recoverRun("r", 1);
      expect(await store.dropSlots("r", pick(0))).toEqual({ dropped: 0, kept: 1 });
      expect(await store.episodes()).toHaveLength(1);
    });

    test("takes nothing out of another run", async () => {
      await planned(store, "s", aPlan(["random"], ["inc-101"]));
      const others = (await store.slots("s")).map(({ slotId }) => slotId);
      expect(await store.dropSlots("r", [...others, "nowhere"])).toEqual({ dropped: 0, kept: 0 });
      expect(await store.slots("s")).toHaveLength(1);
    });

    test("can take a dropped slot in again", async () => {
      await store.dropSlots("r", slots);
      expect(await store.slots("r")).toEqual([]);
      const plan = aPlan(["random"], ["inc-101", "inc-102", "inc-103", "inc-104"]);
      expect(await store.plan("r", plan)).toEqual({ added: 4, already: 0 });
    });

    test("plays what is named first, in that order, then the others as before", async () => {
      await store.orderSlots("r", pick(3, 1));
      expect(await order()).toEqual([
        [3, 0],
        [1, 1],
        [0, 2],
        [2, 3],
      ]);
    });

    test("is the same when ordered as it is, or with one named twice", async () => {
      const before = await store.slots("r");
      for (const first of [[], pick(0), pick(0, 1, 0), slots]) {
        // oxlint-disable-next-line no-await-in-loop
        await store.orderSlots("r", first);
        // oxlint-disable-next-line no-await-in-loop
        expect(await store.slots("r")).toEqual(before);
      }
    });

    test("closes the gaps that dropped slots left", async () => {
      await store.dropSlots("r", pick(0, 2));
      await store.orderSlots("r", []);
      expect(await order()).toEqual([
        [1, 0],
        [3, 1],
      ]);
    });

    test("is not ordered at all when one slot is not the run's", async () => {
      await planned(store, "s", aPlan(["random"], ["inc-101"]));
      const [other] = await store.slots("s");
      const before = await store.slots("r");
      await expect(store.orderSlots("r", [...pick(3), other?.slotId ?? ""])).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
      expect(await store.slots("r")).toEqual(before);
    });
  });
}
