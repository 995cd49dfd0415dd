import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../../env/store/canonical.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { aPlan, aRun, aSlot, aSpec, aStep, aVariant, finished, planned, started, suite } from "./fixtures.ts";

/** What every result store does, whatever keeps the results. `open` gives an empty one. */
export function describeStore(name: string, open: () => Promise<ResultStore>): void {
  describe(`a ${name} store`, () => {
    let store: ResultStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const onlySlot = async () => (await planned(store, "r", aPlan(["random"], ["inc-101"])))[0] as string;
    const onlyEpisode = async () => started(store, await onlySlot());

    describe("planning", () => {
      test("adds slots once, however often the same is planned", async () => {
        await store.createRun(aRun("r"), suite);
        const plan = aPlan(["random", "runbook"], ["inc-101", "inc-102"]);
        expect(await store.plan("r", plan)).toEqual({ added: 4, already: 0 });
        const before = await store.slots("r");
        expect(await store.plan("r", plan)).toEqual({ added: 0, already: 4 });
        expect(await store.slots("r")).toEqual(before);
      });

      test("adds to a planned run what is new, and counts a slot named twice once", async () => {
        await planned(store, "r", aPlan(["random"], ["inc-101"]));
        const more = aPlan(["random"], ["inc-101", "inc-102"]);
        const twice = { ...more, slots: [...more.slots, ...more.slots] };
        expect(await store.plan("r", twice)).toEqual({ added: 1, already: 3 });
      });

      test("lists slots in the order of play, variants by label, tasks by id", async () => {
        const { variants, taskSpecs, slots } = aPlan(["b", "a"], ["inc-102", "inc-101"]);
        await planned(store, "r", { variants, taskSpecs, slots: slots.toReversed() });
        expect((await store.slots("r")).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3]);
        expect((await store.variants("r")).map(({ label }) => label)).toEqual(["a", "b"]);
        expect((await store.taskSpecs("r")).map(({ taskId }) => taskId)).toEqual(["inc-101", "inc-102"]);
      });

      test("adds nothing when one slot names an unknown variant", async () => {
        await store.createRun(aRun("r"), suite);
        const plan = aPlan(["random"], ["inc-101"]);
        const broken = { ...plan, slots: [...plan.slots, aSlot("nobody", "inc-101", 1)] };
        await expect(store.plan("r", broken)).rejects.toMatchObject({ code: "CONSTRAINT" });
        expect(await store.slots("r")).toEqual([]);
        expect(await store.plan("r", plan)).toEqual({ added: 1, already: 0 });
      });

      test("refuses a changed task or suite under the old version", async () => {
        await planned(store, "r", aPlan(["random"], ["inc-101"]));
        const changedTask = { variants: [], slots: [], taskSpecs: [{ ...aSpec("inc-101"), specHash: sha256("new") }] };
        await expect(store.plan("r", changedTask)).rejects.toThrow(/inc-101 of core, version 1/);
        const changedSuite = store.createRun(aRun("s"), { ...suite, manifestSha256: sha256("new") });
        await expect(changedSuite).rejects.toMatchObject({ code: "SUITE_CHANGED" });
        expect(await store.run("s")).toBeNull();
      });

      test("refuses a run that exists, and a plan for one that does not", async () => {
        await store.createRun(aRun("r"), suite);
        await expect(store.createRun(aRun("r"), suite)).rejects.toMatchObject({ code: "RUN_EXISTS" });
        await expect(store.plan("x", aPlan([], []))).rejects.toThrow('Run "x".');
      });
    });

    describe("a run", () => {
      test("goes from planned to running to its end, and on again", async () => {
        await store.createRun(aRun("r"), suite);
        expect(await store.run("r")).toMatchObject({ status: "planned", startedAt: null, endedAt: null, name: null });
        await store.startRun("r", 10);
        expect(await store.run("r")).toMatchObject({ status: "running", startedAt: 10 });
        await store.finishRun("r", { status: "failed", at: 20, reason: "disk" });
        expect(await store.run("r")).toMatchObject({ status: "failed", endedAt: 20, reason: "disk" });
        await store.startRun("r", 30);
        expect(await store.run("r")).toMatchObject({ status: "running", startedAt: 10, endedAt: null, reason: null });
        await store.finishRun("r", { status: "paused", at: 40 });
        expect(await store.run("r")).toMatchObject({ status: "paused", endedAt: null });
      });

      test("comes back as it was given", async () => {
        const full = aRun("r", { name: "näme", split: "dev", gitDirty: true, filter: { b: [1, null], a: "x" } });
        await store.createRun(full, { ...suite, frozenAt: 5 });
        expect(await store.run("r")).toMatchObject(full);
        expect(await store.suite("core", "1.0.0")).toEqual({ ...suite, frozenAt: 5 });
        expect(await store.suite("core", "2.0.0")).toBeNull();
      });

      test("is listed newest first, ties by id", async () => {
        expect(await store.latestRun()).toBeNull();
        await store.createRun(aRun("b", { createdAt: 1 }), suite);
        await store.createRun(aRun("c", { createdAt: 2 }), suite);
        await store.createRun(aRun("a", { createdAt: 2 }), suite);
        expect((await store.runs()).map(({ runId }) => runId)).toEqual(["c", "a", "b"]);
        expect((await store.latestRun())?.runId).toBe("c");
      });

      test("keeps its events in the order added", async () => {
        await store.createRun(aRun("r"), suite);
        const events = [
          { runId: "r", at: 9, type: "pause", data: { by: "flag" } },
          { runId: "r", at: 3, type: "resume", data: {} },
        ] as const;
        for (const event of events) await store.addEvent(event);
        expect(await store.events("r")).toEqual(events);
        await expect(store.addEvent({ ...events[0], runId: "x" })).rejects.toMatchObject({ code: "CONSTRAINT" });
      });

      test("leaves nothing behind when deleted, and takes nothing of another with it", async () => {
        const keptSlots = await planned(store, "kept", aPlan(["random"], ["inc-101"]));
        const kept = await started(store, keptSlots[0] as string);
        await store.commitEpisode(finished(kept));
        const gone = await onlyEpisode();
        await store.commitEpisode(finished(gone));
        await store.addEvent({ runId: "r", at: 1, type: "halt", data: {} });
        expect(await store.deleteRun("r")).toBe(true);
        expect(await store.deleteRun("r")).toBe(false);
        expect(await store.run("r")).toBeNull();
        expect([await store.slots("r"), await store.steps(gone), await store.events("r")]).toEqual([[], [], []]);
        expect((await store.episodes()).map(({ episodeId }) => episodeId)).toEqual([kept]);
        expect(await store.steps(kept)).toHaveLength(2);
        await expect(store.commitEpisode(finished(gone))).rejects.toMatchObject({ code: "NOT_FOUND" });
      });
    });

    describe("taking a slot", () => {
      test("gives it to one of many", async () => {
        const slot = await onlySlot();
        const tries = await Promise.all(Array.from({ length: 5 }, () => store.startEpisode(slot, 7)));
        expect(tries.filter(({ status }) => status === "started")).toHaveLength(1);
        expect(tries.filter(({ status }) => status === "taken")).toHaveLength(4);
        expect(await store.slots("r")).toMatchObject([{ state: "running", attempts: 1, finalEpisodeId: null }]);
        expect(await store.episodes()).toMatchObject([{ attempt: 1, outcome: null, startedAt: 7, scored: false }]);
      });

      test("says why it cannot be had", async () => {
        const slot = await onlySlot();
        const episode = await started(store, slot);
        expect(await store.startEpisode(slot, 1)).toEqual({ status: "taken", state: "running" });
        await store.commitEpisode(finished(episode));
        expect(await store.startEpisode(slot, 1)).toEqual({ status: "taken", state: "scored" });
        await expect(store.startEpisode("nowhere", 1)).rejects.toThrow('Slot "nowhere".');
      });
    });

    describe("committing", () => {
      test("settles the slot by whether the outcome is scored", async () => {
        const [first, second] = await planned(store, "r", aPlan(["random"], ["inc-101", "inc-102"]));
        const success = await started(store, first as string);
        const lost = await started(store, second as string);
        await store.commitEpisode(finished(success, { outcome: "success", score: 1 }));
        await store.commitEpisode(
          finished(lost, { outcome: "harness_error", score: null, terminalReason: null, errorClass: "agent" }),
        );
        expect(await store.slots("r")).toMatchObject([
          { state: "scored", finalEpisodeId: success },
          { state: "unscored", finalEpisodeId: lost },
        ]);
        expect((await store.slots("r", "unscored")).map(({ slotId }) => slotId)).toEqual([second]);
        expect(await store.episodes()).toMatchObject([{ scored: true }, { scored: false, errorClass: "agent" }]);
      });

      test("keeps the first of two", async () => {
        const episode = await onlyEpisode();
        expect(await store.commitEpisode(finished(episode, { score: 0.75 }))).toBe("inserted");
        const late = finished(episode, { score: 0.1, steps: [aStep(1), aStep(2), aStep(3)] });
        expect(await store.commitEpisode(late)).toBe("duplicate");
        expect(await store.episodes()).toMatchObject([{ score: 0.75, steps: 2 }]);
        expect(await store.steps(episode)).toHaveLength(2);
      });

      test.each([
        ["two steps of one number", { steps: [aStep(1), aStep(2), aStep(2)] }, "CONSTRAINT"],
        ["a reward that is NaN", { steps: [aStep(1), aStep(2, { reward: NaN })] }, "UNSTORABLE"],
        ["a score above one", { score: 1.5 }, "UNSTORABLE"],
        ["a scored outcome without a score", { score: null }, "UNSTORABLE"],
        ["a score without a scored outcome", { outcome: "cancelled" as const }, "UNSTORABLE"],
      ])("keeps nothing of an episode with %s", async (_, changes, code) => {
        const episode = await onlyEpisode();
        await expect(store.commitEpisode(finished(episode, changes))).rejects.toMatchObject({ code });
        expect(await store.episodes()).toMatchObject([{ outcome: null, score: null, steps: 0, endedAt: null }]);
        expect(await store.steps(episode)).toEqual([]);
        expect(await store.slots("r")).toMatchObject([{ state: "running", finalEpisodeId: null }]);
        expect(await store.commitEpisode(finished(episode))).toBe("inserted");
      });

      test("refuses an attempt that was never started", async () => {
        await expect(store.commitEpisode(finished("nothing"))).rejects.toThrow('Episode "nothing".');
      });
    });

    describe("values", () => {
      const lone = "a\ud800b";
      test.each([
        ["episode.score", { score: NaN }],
        ["episode.score", { score: Infinity }],
        ["episode.evidenceCoverage", { evidenceCoverage: NaN }],
        ["episode.wallMs", { wallMs: 1.5 }],
        ["episode.wallMs", { wallMs: 2 ** 53 }],
        ["episode.inputTokens", { inputTokens: -1 }],
        ["episode.errorDetail", { errorDetail: lone }],
        ["episode.metrics", { metrics: { steps: { mean: NaN } } }],
        ["episode.trajectorySha256", { trajectorySha256: "ABC" }],
        ["step[1].action", { steps: [aStep(1), aStep(2, { action: { value: lone } })] }],
        ["step[0].action", { steps: [aStep(1, { action: undefined })] }],
        ["step[0].reward", { steps: [aStep(1, { reward: -Infinity })] }],
        ["step[0].at", { steps: [aStep(1, { at: NaN })] }],
      ])("names the field that cannot be stored: %s", async (field, changes) => {
        const episode = await onlyEpisode();
        await expect(store.commitEpisode(finished(episode, changes))).rejects.toThrow(`${field}: `);
      });

      test("refuses odd values in runs, plans and times as well", async () => {
        await expect(store.createRun(aRun("r", { baseSeed: NaN }), suite)).rejects.toThrow("run.baseSeed: ");
        const slot = await onlySlot();
        await expect(store.startRun("r", NaN)).rejects.toThrow("run.at: ");
        await expect(store.finishRun("r", { status: "complete", at: NaN })).rejects.toThrow("run.at: ");
        await expect(store.startEpisode(slot, NaN)).rejects.toThrow("episode.at: ");
        const warm = { ...aVariant("llm"), sampling: { temperature: NaN } };
        await expect(store.plan("r", { variants: [warm], taskSpecs: [], slots: [] })).rejects.toThrow(
          "variant.sampling.temperature: ",
        );
      });

      test("come back as they went in", async () => {
        const episode = await onlyEpisode();
        const odd = { "": "", nul: "a\0b", emoji: "😀", quote: `"\\\u2028`, zero: 0, big: 2 ** 53 - 1, tiny: 5e-324 };
        const action = { ...odd, nested: [null, true, [], {}], ["__proto__"]: 1 };
        await store.commitEpisode(
          finished(episode, {
            errorDetail: "a\0b\r\n",
            wallMs: 2 ** 53 - 1,
            evidenceCoverage: 1 / 3,
            checks: { looked_first: true, durable: false },
            metrics: odd,
            steps: [aStep(1, { action }), aStep(2, { action: null, reward: -0, valid: false, invalidReason: "" })],
          }),
        );
        expect(await store.episodes()).toMatchObject([
          {
            errorDetail: "a\0b\r\n",
            wallMs: 2 ** 53 - 1,
            evidenceCoverage: 1 / 3,
            checks: { looked_first: true, durable: false },
            metrics: odd,
          },
        ]);
        const [first, second] = await store.steps(episode);
        expect(first?.action).toEqual(action);
        expect(second).toMatchObject({ action: null, reward: 0, valid: false, invalidReason: "", info: null });
      });

      test("are the store's own: changing what was given or got changes nothing", async () => {
        const episode = await onlyEpisode();
        const metrics = { steps: 2 };
        await store.commitEpisode(finished(episode, { metrics }));
        metrics.steps = 99;
        const [got] = await store.episodes();
        Object.assign(got?.metrics ?? {}, { steps: 98 });
        expect((await store.episodes())[0]?.metrics).toEqual({ steps: 2 });
      });
    });

    describe("reading", () => {
      /** Two runs; in the older, `random` failed inc-101 and still plays inc-102, `expert` solved both. */
      beforeEach(async () => {
        await planned(store, "new", aPlan(["random"], ["inc-101"]), { createdAt: 2 });
        const slots = await planned(store, "old", aPlan(["random", "expert"], ["inc-101", "inc-102"]), {
          createdAt: 1,
        });
        const late = await started(store, (await store.slots("new"))[0]?.slotId as string);
        await store.commitEpisode(finished(late));
        for (const [index, outcome] of [
          [3, "success"],
          [0, "failure"],
          [2, "success"],
        ] as const) {
          await store.commitEpisode(finished(await started(store, slots[index] as string), { outcome }));
        }
        await started(store, slots[1] as string);
      });

      test.each([
        ["everything", undefined, ["old 0", "old 1", "old 2", "old 3", "new 0"]],
        ["one run", { runIds: ["new"] }, ["new 0"]],
        ["a label", { variantLabels: ["expert"] }, ["old 2", "old 3"]],
        ["a task", { taskIds: ["inc-101"] }, ["old 0", "old 2", "new 0"]],
        ["outcomes", { outcomes: ["failure" as const, "running" as const] }, ["old 0", "old 1", "new 0"]],
        ["final attempts", { finalOnly: true }, ["old 0", "old 2", "old 3", "new 0"]],
        ["several conditions", { runIds: ["old"], taskIds: ["inc-102"], finalOnly: true }, ["old 3"]],
        ["none", { taskIds: [] }, []],
        ["text that would be SQL", { runIds: ["' OR 1=1 --"] }, []],
      ])("selects %s, oldest run first and in the order of play", async (_, filter, expected) => {
        const entries = await store.episodes(filter);
        expect(entries.map(({ runId, ordinal }) => `${runId} ${ordinal}`)).toEqual(expected);
      });

      test("gives an episode with what it was an attempt at", async () => {
        const [entry] = await store.episodes({ runIds: ["old"], variantLabels: ["expert"] });
        const { variantId, specHash, seed, trial, ordinal } = aSlot("expert", "inc-101", 2);
        expect(entry).toMatchObject({ variantId, specHash, seed, trial, ordinal, taskId: "inc-101", final: true });
      });

      test("gives steps in the order taken, whatever order they came in", async () => {
        const slot = (await planned(store, "r", aPlan(["random"], ["inc-101"])))[0] as string;
        const episode = await started(store, slot);
        await store.commitEpisode(finished(episode, { steps: [aStep(10), aStep(9), aStep(11)] }));
        expect((await store.steps(episode)).map(({ step }) => step)).toEqual([9, 10, 11]);
        expect(await store.steps("nothing")).toEqual([]);
      });
    });

    test("is healthy until closed, closes twice, and refuses afterwards", async () => {
      expect(await store.health()).toEqual({ ok: true });
      await store.close();
      await store.close();
      expect((await store.health()).ok).toBe(false);
      await expect(store.runs()).rejects.toMatchObject({ code: "CLOSED" });
    });
  });
}
