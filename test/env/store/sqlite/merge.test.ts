import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openBackend } from "../../../../env/store/backend.ts";
import type { Backend } from "../../../../env/store/backend.ts";
import { sha256 } from "../../../../env/store/canonical.ts";
import { mergeFiles } from "../../../../env/store/sqlite/merge.ts";
import type { NewRun, Outcome, RunStatus } from "../../../../env/store/store.ts";
import { aCall, anOwner, aPlan, aRun, finished, held, okEnd, someRules, suite } from "../fixtures.ts";
import { contents } from "./operations.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.db`);

const RUN = "sharded";
const whole = aPlan(["random", "expert"], ["inc-101", "inc-102", "inc-103"]);

interface Shard {
  /** Places in the order of play of all shards together. */
  readonly places: readonly number[];
  /** What came of them; the last stands for all that follow, and null for a slot that was not played. */
  readonly outcomes?: readonly (Outcome | null)[];
  readonly status?: RunStatus;
  readonly run?: Partial<NewRun>;
}

async function within<Result>(file: string, body: (backend: Backend) => Promise<Result>): Promise<Result> {
  const backend = await openBackend(file);
  try {
    return await body(backend);
  } finally {
    await backend.close();
  }
}

/** A file that holds a part of one run, played with a call and an event. */
async function shard({ places, outcomes = ["success"], status = "complete", run = {} }: Shard): Promise<string> {
  const file = newFile();
  await within(file, async ({ results }) => {
    await results.createRun(aRun(RUN, { filter: { slots: 6 }, ...run }), suite);
    await results.plan(RUN, { ...whole, slots: whole.slots.filter(({ ordinal }) => places.includes(ordinal)) });
    await results.startRun(RUN, 1000 + places[0]!);
    await held(results, RUN, file);
    for (const [index, { slotId, ordinal }] of (await results.slots(RUN)).entries()) {
      const outcome = outcomes[Math.min(index, outcomes.length - 1)] ?? null;
      if (outcome !== null) await play(results, slotId, ordinal, outcome); // oxlint-disable-line no-await-in-loop
    }
    await results.addEvent({ runId: RUN, at: 2000 + places[0]!, type: "resume", data: { places } });
    if (status !== "running" && status !== "planned") {
      await results.finishRun(RUN, { status, at: 3000 + places[0]!, reason: status === "complete" ? null : "why" });
    }
  });
  return file;
}

async function play(results: Backend["results"], slotId: string, ordinal: number, outcome: Outcome): Promise<void> {
  const start = await results.startEpisode(slotId, 1100);
  if (start.status === "taken") throw new Error("Expected a free slot.");
  const { episodeId } = start;
  const call = aCall(`${episodeId}/1`, { runId: RUN, episodeId });
  const permit = await results.takePermit(call, someRules(), { at: 1100 + ordinal, served: [], backoffMs: 0 });
  if (permit.status === "permitted") await results.settlePermit(permit, someRules(), okEnd(1200));
  const score = outcome === "success" || outcome === "failure" ? 1 : null;
  await results.commitEpisode(finished(episodeId, { outcome, score, endedAt: 1300 }));
}

const merged = (...sources: string[]): string => {
  const target = newFile();
  mergeFiles(target, sources);
  return target;
};
const standOf = (file: string) =>
  within(file, async ({ results, jobs }) => {
    const run = await results.run(RUN);
    return [run?.status, run?.reason, await jobs.stats(RUN)];
  });
const entries = (file: string) =>
  within(file, async ({ results }) => [await results.episodes(), await results.slots(RUN)]);
const statusOf = async (file: string) => (await standOf(file))[0];
/** As a machine on which it is still played, or was when it died, leaves it. */
const change = async (file: string, body: (backend: Backend) => Promise<unknown>) => void (await within(file, body));

describe("the shards of one run", () => {
  test("make one run of all slots, attempts, steps, events and calls, in the order of play", async () => {
    const [a, b, c] = [
      await shard({ places: [0, 3] }),
      await shard({ places: [1, 4] }),
      await shard({ places: [2, 5] }),
    ];
    const target = newFile();
    expect(mergeFiles(target, [a, b, c])).toEqual([
      { file: a, runs: 1, slots: 2, episodes: 2, already: 0 },
      { file: b, runs: 0, slots: 2, episodes: 2, already: 0 },
      { file: c, runs: 0, slots: 2, episodes: 2, already: 0 },
    ]);
    await within(target, async ({ results }) => {
      expect((await results.slots(RUN)).map(({ ordinal, state }) => [ordinal, state])).toEqual(
        [0, 1, 2, 3, 4, 5].map((ordinal) => [ordinal, "scored"]),
      );
      const episodes = await results.episodes({ finalOnly: true });
      expect(episodes.map(({ ordinal, outcome }) => [ordinal, outcome])).toEqual(
        [0, 1, 2, 3, 4, 5].map((ordinal) => [ordinal, "success"]),
      );
      for (const { episodeId } of episodes) expect(await results.steps(episodeId)).toHaveLength(2);
      expect((await results.calls({ runId: RUN })).map(({ state }) => state)).toEqual(Array(6).fill("ok"));
      expect((await results.events(RUN)).map(({ at }) => at)).toEqual([2000, 2001, 2002]);
      expect(await results.run(RUN)).toMatchObject({ status: "complete", startedAt: 1000, endedAt: 3002, owner: null });
    });
    expect(contents(target)).toMatchObject({ sound: ["ok", []] });
  });

  test("are the same run in whichever order they come, and however often", async () => {
    const shards = [await shard({ places: [0, 3] }), await shard({ places: [1, 4] }), await shard({ places: [2, 5] })];
    const [a = "", b = "", c = ""] = shards;
    const once = merged(a, b, c);
    const expected = await entries(once);
    for (const order of [
      [c, b, a],
      [b, a, c, a],
    ]) {
      const other = merged(...order);
      expect(await entries(other)).toEqual(expected);
      expect(await standOf(other)).toEqual(await standOf(once));
    }
    const before = contents(once);
    for (const brought of mergeFiles(once, shards)) {
      expect(brought).toMatchObject({ runs: 0, slots: 0, episodes: 0, already: 2 });
    }
    expect(contents(once)).toEqual(before);
  });

  test("are not complete while one is missing", async () => {
    const [a, b, c] = [
      await shard({ places: [0, 3] }),
      await shard({ places: [1, 4] }),
      await shard({ places: [2, 5] }),
    ];
    const target = merged(a, b);
    const counts = { pending: 0, running: 0, scored: 4, unscored: 0 };
    expect(await standOf(target)).toEqual(["paused", "not all of its shards are here yet", counts]);
    mergeFiles(target, [c]);
    expect(await statusOf(target)).toBe("complete");
  });

  test("are complete when all is played, where it is not known how much that is", async () => {
    const run = { filter: {} };
    const target = merged(await shard({ places: [0, 1], run }), await shard({ places: [2, 3], run }));
    expect(await statusOf(target)).toBe("complete");
  });

  test.each([
    ["paused", [null]],
    ["halted", ["success", null]],
    ["halted", ["provider_error"]],
    ["failed", ["harness_error"]],
  ] as const)("stand as the one that is %s with %o, in either order", async (status, outcomes) => {
    const a = await shard({ places: [0, 1, 2] });
    const b = await shard({ places: [3, 4, 5], outcomes, status });
    for (const order of [
      [a, b],
      [b, a],
      [a, b, a],
    ]) {
      expect((await standOf(merged(...order))).slice(0, 2)).toEqual([status, "why"]);
    }
  });

  test("are complete once the one that had stopped has gone on to its end", async () => {
    const a = await shard({ places: [0, 1, 2] });
    const b = await shard({ places: [3, 4, 5], outcomes: ["provider_error"], status: "halted" });
    const target = merged(a, b, a);
    expect(await statusOf(target)).toBe("halted");
    await change(b, async ({ results, jobs }) => {
      await jobs.enqueue((await results.slots(RUN)).map(({ slotId }) => slotId));
      for (const { slotId, ordinal } of await results.slots(RUN)) await play(results, slotId, ordinal, "failure");
      await results.finishRun(RUN, { status: "complete", at: 5000 });
    });
    expect(mergeFiles(target, [b])).toMatchObject([{ episodes: 3, already: 3 }]);
    expect(await standOf(target)).toEqual(["complete", null, { pending: 0, running: 0, scored: 6, unscored: 0 }]);
    await within(target, async ({ results }) => {
      const second = (await results.episodes({ finalOnly: true })).filter(({ attempt }) => attempt === 2);
      expect(second.map(({ ordinal }) => ordinal)).toEqual([3, 4, 5]);
    });
  });

  test("that ended with unscored slots are complete all the same", async () => {
    const a = await shard({ places: [0, 1, 2], outcomes: ["success", "provider_error"] });
    const b = await shard({ places: [3, 4, 5], outcomes: ["provider_error", "success"] });
    expect(await statusOf(merged(a, b))).toBe("complete");
    expect(await statusOf(merged(b, a))).toBe("complete");
  });

  test.each<[string, Partial<NewRun>, RegExp]>([
    ["another fingerprint", { fingerprint: sha256("x") }, /fingerprint is stored as .{64}, the file has .{64}\./],
    ["more trials", { trials: 2, fingerprint: "x" }, /trials is stored as 1, the file has 2; fingerprint is/],
    ["another base seed", { baseSeed: 7 }, /run sharded: base seed is stored as 0, the file has 7\./],
    ["another environment", { versions: { env: "2.0.0" } }, /environment version is stored as 1\.0\.0, the file has 2/],
    ["another scoring", { versions: { env: "1.0.0", scoring: "3" } }, /scoring version is stored as undefined, .* 3\./],
    ["a salt", { saltSha256: sha256("salt") }, /hash of the salt is stored as null, the file has /],
  ])("are refused with %s, which is named, and nothing of them is kept", async (_, run, message) => {
    const target = merged(await shard({ places: [0, 1, 2] }));
    const other = await shard({ places: [3, 4, 5], run });
    const before = contents(target);
    expect(() => mergeFiles(target, [other])).toThrow(expect.objectContaining({ code: "CONSTRAINT" }));
    expect(() => mergeFiles(target, [other])).toThrow(message);
    expect(contents(target)).toEqual(before);
  });

  test("may have been played on different runtimes", async () => {
    const a = await shard({ places: [0, 1, 2], run: { versions: { env: "1.0.0", node: "20.1.0" } } });
    const b = await shard({ places: [3, 4, 5], run: { versions: { env: "1.0.0", node: "24.0.0" } } });
    expect(await statusOf(merged(a, b))).toBe("complete");
  });
});

describe("a run that is still played elsewhere", () => {
  test("comes with what has ended; the rest comes when it has", async () => {
    const file = await shard({ places: [0, 1, 2, 3, 4, 5], outcomes: ["success", null], status: "running" });
    const [, second = ""] = await within(file, async ({ results }) =>
      (await results.slots(RUN)).map((slot) => slot.slotId),
    );
    await change(file, ({ results }) => results.startEpisode(second, 1400));
    const target = merged(file);
    expect(await standOf(target)).toEqual([
      "paused",
      "merged before all of it was played",
      { pending: 5, running: 0, scored: 1, unscored: 0 },
    ]);
    const twice = contents(target);
    mergeFiles(target, [file]);
    expect(contents(target)).toEqual(twice);

    await change(file, async ({ results }) => {
      const [running] = await results.episodes({ outcomes: ["running"] });
      await results.commitEpisode(finished(running?.episodeId ?? ""));
    });
    expect(mergeFiles(target, [file])).toMatchObject([{ episodes: 1, already: 1 }]);
    expect((await standOf(target))[2]).toEqual({ pending: 4, running: 0, scored: 2, unscored: 0 });
  });

  test("can be gone on with here, as another attempt than the one that is under way there", async () => {
    const file = await shard({ places: [0], outcomes: [null], status: "running" });
    const [slot = ""] = await within(file, async ({ results }) =>
      (await results.slots(RUN)).map(({ slotId }) => slotId),
    );
    await change(file, ({ results }) => results.startEpisode(slot, 1400));
    const target = merged(file);
    await change(target, async ({ results }) => play(results, slot, 0, "failure"));
    await change(file, ({ results }) => results.recoverRun(RUN, 9000));
    expect(mergeFiles(target, [file])).toMatchObject([{ episodes: 1, already: 0 }]);
    await within(target, async ({ results }) => {
      expect(await results.episodes()).toMatchObject([
        { attempt: 1, outcome: "abandoned", final: false },
        { attempt: 2, outcome: "failure", final: true },
      ]);
      expect(await results.slots(RUN)).toMatchObject([{ state: "scored", attempts: 2 }]);
    });
  });

  test("stays in the hand of who plays it here", async () => {
    const a = await shard({ places: [0, 1, 2], outcomes: [null], status: "paused" });
    const target = merged(a);
    const slots = await within(target, async ({ results, jobs }) => {
      await results.startRun(RUN, 1);
      await results.holdRun(RUN, { owner: anOwner("here"), at: 5, replaces: null });
      await jobs.claim({ runId: RUN, worker: "here", max: 1, at: 6 });
      return results.slots(RUN);
    });
    mergeFiles(target, [await shard({ places: [3, 4, 5] }), a]);
    await within(target, async ({ results }) => {
      expect(await results.run(RUN)).toMatchObject({ status: "running", owner: { token: "here" } });
      expect((await results.slots(RUN)).slice(0, 3)).toEqual(slots);
      expect(await results.slots(RUN, "scored")).toHaveLength(3);
    });
  });

  test("was left by a process that died: what it was playing is pending here", async () => {
    const file = await shard({ places: [0, 1], outcomes: ["success", null], status: "running", run: { filter: {} } });
    await change(file, async ({ results }) => {
      await results.startEpisode((await results.slots(RUN, "pending"))[0]?.slotId ?? "", 1400);
      await results.recoverRun(RUN, 1500);
    });
    const target = merged(file);
    await within(target, async ({ results }) => {
      expect(await results.slots(RUN)).toMatchObject([
        { state: "scored", attempts: 1 },
        { state: "pending", attempts: 1, finalEpisodeId: null },
      ]);
      expect(await results.episodes({ outcomes: ["abandoned"] })).toMatchObject([{ final: false }]);
    });
  });
});

test("a merge that fails at any step keeps nothing of the file, and the next one does", async () => {
  const [a, b] = [await shard({ places: [0, 1] }), await shard({ places: [2, 3] })];
  const target = merged(a);
  const before = contents(target);
  const steps: string[] = [];
  const failAt = (n: number) => (name: string) => {
    steps.push(name);
    if (steps.length === n) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
  };
  mergeFiles(merged(a), [b], failAt(Infinity));
  const all = steps.splice(0).filter((name) => name !== "merge:checkpoint");
  expect(new Set(all)).toContain("merge:commit");
  for (let n = 1; n <= all.length; n += 1) {
    steps.length = 0;
    expect(() => mergeFiles(target, [b], failAt(n))).toThrow(expect.objectContaining({ code: "NOT_SAVED" }));
    expect(contents(target)).toEqual(before);
  }
  mergeFiles(target, [b]);
  expect(contents(target)).toEqual(contents(merged(a, b)));
});
