import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { aPlan, finished, planned, started } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-reopen-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.for([
  ["memory", () => Promise.resolve(openMemoryStore())],
  ["SQLite", () => openSqliteStore(join(folder, "oncall.db"))],
] as const)("reopening a slot in %s", ([, open]) => {
  test("makes an unscored one pending again; its attempt stays, and the next one counts", async () => {
    const store = await open();
    const [slot = ""] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
    expect(await store.reopenSlot(slot)).toBe(false);
    const first = await started(store, slot);
    expect(await store.reopenSlot(slot)).toBe(false);
    await store.commitEpisode({ ...finished(first), outcome: "provider_error", score: null });
    expect(await store.reopenSlot(slot)).toBe(true);
    const second = await started(store, slot);
    await store.commitEpisode(finished(second));
    expect(await store.reopenSlot(slot)).toBe(false);
    expect((await store.episodes()).map(({ attempt, outcome, final }) => [attempt, outcome, final])).toEqual([
      [1, "provider_error", false],
      [2, "failure", true],
    ]);
    await expect(store.reopenSlot("nowhere")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await store.close();
  });
});
