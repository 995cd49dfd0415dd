import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlayedEpisode, ResultStore } from "../../../env/store/store.ts";
import { aPlan, aRun, aStep, finished, suite } from "./fixtures.ts";

/** What every store does with attempts that were played elsewhere. `open` gives an empty one. */
export function describePlayed(name: string, open: () => Promise<ResultStore>): void {
  describe(`attempts recorded in a ${name} store`, () => {
    let store: ResultStore;
    beforeEach(async () => {
      store = await open();
      await store.createRun(aRun("r"), suite);
    });
    afterEach(() => store.close());

    const { slots, ...names } = aPlan(["guest"], ["inc-101", "inc-102"]);
    const attempt = (place: number, end: Partial<PlayedEpisode["end"]> = {}): PlayedEpisode => {
      const { episodeId: _id, ...rest } = finished("", end);
      return { slot: slots[place] as PlayedEpisode["slot"], startedAt: 1000 + place, end: rest };
    };
    const record = (...episodes: PlayedEpisode[]) => store.recordEpisodes("r", { ...names, episodes });

    test("are stored with their slots and steps", async () => {
      expect(await record(attempt(0, { score: 0.25 }), attempt(1, { outcome: "success", score: 1 }))).toEqual([]);
      const episodes = await store.episodes({ runIds: ["r"] });
      expect(episodes).toMatchObject([
        { taskId: "inc-101", variantLabel: "guest", score: 0.25, startedAt: 1000, attempt: 1, final: true },
        { taskId: "inc-102", outcome: "success", startedAt: 1001, final: true },
      ]);
      expect(await store.steps(episodes[0]?.episodeId ?? "")).toHaveLength(2);
      expect((await store.slots("r")).map(({ state }) => state)).toEqual(["scored", "scored"]);
    });

    test("come back where their slot was scored before, and nothing of them is stored", async () => {
      await record(attempt(0, { score: 0.25 }));
      const again = attempt(0, { score: 0.75 });
      expect(await record(again, attempt(1))).toEqual([again]);
      expect((await store.episodes()).map(({ score }) => score)).toEqual([0.25, 0.5]);
    });

    test("follow an attempt that measured nothing", async () => {
      await record(attempt(0, { outcome: "abandoned", score: null, terminalReason: null }));
      expect(await record(attempt(0, { score: 0.75 }))).toEqual([]);
      expect(await store.episodes()).toMatchObject([
        { attempt: 1, outcome: "abandoned", final: false },
        { attempt: 2, score: 0.75, final: true },
      ]);
    });

    test("are stored all or not at all", async () => {
      const broken = attempt(1, { steps: [aStep(1), aStep(1)] });
      await expect(record(attempt(0), broken)).rejects.toMatchObject({ code: "CONSTRAINT" });
      expect([await store.episodes(), await store.slots("r")]).toEqual([[], []]);
      expect(await record(attempt(0))).toEqual([]);
    });

    test("need a run", async () => {
      await expect(store.recordEpisodes("x", { ...names, episodes: [] })).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });
}
