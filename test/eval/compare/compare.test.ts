import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteBackend, openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { RunRecord } from "../../../env/store/store.ts";
import { compareCommand } from "../../../eval/cli/commands/compare.ts";
import { historyCommand } from "../../../eval/cli/commands/history.ts";
import type { Comparison } from "../../../eval/compare/compare.ts";
import { pairsDifferingIn } from "../../../eval/compare/grid.ts";
import { readEntries } from "../../../eval/report/entry.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

const FIRST = "20261120-120000-0001";
const SECOND = "20261120-120001-0002";
const OLD = "20261119-120000-0000";

const database = newDatabase();
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const dev = { taskIds: coreSuite.splits.dev };
  const facts = { versions: { suite: "core@1.0.0", env: "1.0.0", scoring: "0.9.0" } };
  await playInto(backend, { runId: OLD, variants: [modelVariant("tools:model-x")], facts, ...dev });
  const models = [
    modelVariant("tools:model-x"),
    modelVariant("react:model-x", { harness: "react", promptSha256: "0".repeat(64) }),
    modelVariant("tools:vendor/y"),
  ];
  await playInto(backend, { runId: FIRST, variants: [...readVariants("runbook,expert"), ...models], ...dev });
  await playInto(backend, { runId: SECOND, variants: [modelVariant("tools:model-x")], ...dev });
  await store.close();
});
afterAll(() => database.remove());

const db = ["--db", database.file];
const compared = async (...args: string[]) => (await saidJson(compareCommand, [...db, ...args])) as Comparison;

describe("a comparison", () => {
  test("pairs agents on equal pages and names the tasks of each kind", async () => {
    const { success, score } = await compared("runbook", "expert", "--run", FIRST);
    const { both, onlyA, onlyB, neither } = success;
    expect(success).toMatchObject({ pairs: 8, test: "mcnemar", missingA: 0, missingB: 0, missingBoth: 0 });
    expect([...both, ...onlyB].toSorted()).toEqual([...coreSuite.splits.dev].toSorted());
    expect([onlyA, neither]).toEqual([[], []]);
    // McNemar's exact p for 0 : n, and the difference of the rates.
    expect(success.pValue).toBeCloseTo(2 ** (1 - onlyB.length), 12);
    expect(success.difference.value).toBeCloseTo(-onlyB.length / 8, 12);
    expect(score.difference.value).toBeLessThan(0);
    expect(success.smallestDetectable).toBeCloseTo((2.8016 * 0.5) / Math.sqrt(8), 3);
  });

  test("of two equal agents finds nothing, and is the mirror of itself", async () => {
    const ab = await compared("tools:model-x", "expert", "--run", FIRST);
    const ba = await compared("expert", "tools:model-x", "--run", FIRST);
    expect(ba.score.difference.value).toBeCloseTo(-(ab.score.difference.value ?? 0), 12);
    expect(ba.success.onlyA).toEqual(ab.success.onlyB);
    expect((await compared("tools:model-x", "react:model-x")).success).toMatchObject({
      pValue: 1,
      onlyA: [],
      onlyB: [],
    });
  });

  test("prints pairs, tasks, differences, p and what it could have found", async () => {
    const { out } = await said(compareCommand, [...db, "runbook", "expert"]);
    expect(out).toMatch(/^A {2}runbook\nB {2}expert\n8 pairs on 8 tasks\nboth +\d+ {2}inc-/);
    expect(out).toMatch(/success {2}A − B = −0\.\d\d \(95 % −\d\.\d\d to [+−]\d\.\d\d\), p 0\.\d{3} \(McNemar\)/);
    expect(out).toContain("These pairs find a difference of 0.50 or more with 80 % power.");
    expect(out).toContain("No page was dropped.");
  });

  test("takes an agent by model, by label with a slash, and from a certain run", async () => {
    expect((await compared("vendor/y", "expert")).a).toBe("tools:vendor/y");
    const across = await compared(`${SECOND}/tools:model-x`, `${FIRST}/tools:model-x`);
    expect(across).toMatchObject({ a: `tools:model-x (${SECOND})`, b: `tools:model-x (${FIRST})` });
    expect(across.success).toMatchObject({ pairs: 8, pValue: 1 });
  });

  test("refuses other versions, naming them, unless it is forced", async () => {
    const pair = [`${OLD}/tools:model-x`, `${FIRST}/tools:model-x`];
    await expect(said(compareCommand, [...db, ...pair])).rejects.toThrow("scoring version: 0.9.0 and 1.0.0");
    const { out, err } = await said(compareCommand, [...db, "--force", ...pair]);
    expect(err).toContain("WARNING: scoring version differs");
    expect(out).toContain("8 pairs on 8 tasks");
    expect((await compared("--force", ...pair)).differences).toHaveLength(1);
  });

  test("says how many pages were dropped, and from which side", async () => {
    const file = new Database(database.file);
    const one = file
      .prepare(
        `SELECT episode_id FROM episode JOIN slot USING (slot_id) JOIN variant USING (variant_id)
         WHERE run_id = ? AND label = 'runbook' LIMIT 1`,
      )
      .pluck()
      .get(FIRST);
    const before = file.prepare("SELECT outcome, score FROM episode WHERE episode_id = ?").get(one) as object;
    const set = file.prepare(
      `UPDATE episode SET outcome = @outcome, score = @score WHERE episode_id = '${String(one)}'`,
    );
    set.run({ outcome: "provider_error", score: null });
    const { out } = await said(compareCommand, [...db, "runbook", "expert", "--run", FIRST]);
    set.run(before);
    file.close();
    expect(out).toContain("7 pairs on 7 tasks");
    expect(out).toContain("Dropped: 1 page: 1 without a score of A, 0 of B, 0 of either.");
  });

  test("suggests the agent that was meant", async () => {
    await expect(said(compareCommand, [...db, "runbok", "expert"])).rejects.toThrow('Did you mean "runbook"?');
    await expect(said(compareCommand, [...db, "runbook"])).rejects.toThrow("Two agents are needed.");
    await expect(said(compareCommand, [...db, "model-x", "expert", "--run", FIRST])).rejects.toThrow(
      '"model-x" means several agents',
    );
  });
});

describe("the grid", () => {
  test("--by harness compares the same model in two harnesses, and nothing else", async () => {
    const pairs = (await saidJson(compareCommand, [...db, "--by", "harness", "--run", FIRST])) as Comparison[];
    expect(pairs.map(({ a, b }) => [a, b].toSorted())).toEqual([["react:model-x", "tools:model-x"]]);
  });

  test("--by model compares two models in the same harness", async () => {
    const store = await openSqliteStore(database.file, { readOnly: true });
    const entries = await readEntries(store, (await store.run(FIRST)) as RunRecord);
    await store.close();
    const pairs = pairsDifferingIn(entries, "model").map((pair) => pair.map(({ variant }) => variant.label));
    expect(pairs).toEqual([["tools:model-x", "tools:vendor/y"]]);
  });
});

describe("a history", () => {
  interface Point {
    readonly run_id: string;
    readonly since: { readonly runId: string } | null;
  }

  test("has every run of the model, and compares only runs under equal versions", async () => {
    const points = (await saidJson(historyCommand, [...db, "tools:model-x"])) as Point[];
    expect(points.map(({ run_id, since }) => [run_id, since?.runId ?? null])).toEqual([
      [OLD, null],
      [FIRST, null],
      [SECOND, FIRST],
    ]);
  });

  test("of a model has every harness that it ran in", async () => {
    const points = (await saidJson(historyCommand, [...db, "model-x"])) as { label: string }[];
    expect(points.map(({ label }) => label)).toEqual([
      "tools:model-x",
      "react:model-x",
      "tools:model-x",
      "tools:model-x",
    ]);
    expect((await said(historyCommand, [...db, "model-x"])).out).toContain("+0.00 (p 1.000)");
  });

  test("of nobody names those who are stored", async () => {
    await expect(said(historyCommand, [...db, "model-z"])).rejects.toThrow(
      'No run has "model-z". Stored: tools:model-x',
    );
  });
});
