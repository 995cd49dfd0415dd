import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteBackend, openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { leaderboardCommand } from "../../../eval/cli/commands/leaderboard.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { ScriptedAgent } from "../../helpers.ts";
import { addCalls, insteadOf, modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { readingWiring, said, saidJson } from "../verify/said.ts";

const ANCHORS = readVariants("random,runbook,expert");
const closing = () => new ScriptedAgent(() => "resolve_incident(cache, ttl)");

const database = newDatabase();
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const dev = { taskIds: coreSuite.splits.dev };
  await playInto(backend, { runId: "20261120-120000-0001", variants: ANCHORS, ...dev });
  const variants = [
    modelVariant("tools:model-x"),
    modelVariant("tools:model-y", { deployment: "local" }),
    modelVariant("tools:model-x+assist", { assisted: true }),
    { ...(insteadOf("random", closing)[0] as (typeof ANCHORS)[number]), ...closer() },
  ];
  const runId = await playInto(backend, { runId: "20261120-120001-0002", variants, ...dev });
  const ofX = await store.episodes({ runIds: [runId], variantLabels: ["tools:model-x"] });
  const end = { modelReturned: "x-1", inputTokens: 1000, outputTokens: 50, costUusd: 2500, latencyMs: 400 };
  await addCalls(
    store,
    runId,
    ofX.map(({ episodeId }, i) => ({
      episodeId,
      requestNo: 1,
      end: i === 0 ? { state: "failed", errorClass: "timeout" } : end,
    })),
  );
  await store.close();
});
afterAll(() => database.remove());

/** One that closes at once, as a model of that name. */
function closer() {
  const { id, identity, label } = modelVariant("tools:closer");
  return { id, identity, label };
}

const db = ["--db", database.file];

interface Row {
  readonly label: string;
  readonly table: string;
  readonly rank: string;
  readonly planned: number;
  readonly failures: readonly { readonly code: string }[];
}
const rows = async (...args: string[]) =>
  ((await saidJson(leaderboardCommand, [...db, ...args])) as { entries: Row[] }).entries;

describe("the leaderboard of a run", () => {
  test("ranks who fulfils the conditions, and holds the others apart with their codes", async () => {
    expect(
      (await rows()).map(({ label, table, rank, failures }) => [label, table, rank, failures.map(({ code }) => code)]),
    ).toEqual([
      ["tools:model-x", "agents", "1", []],
      ["tools:closer", "agents", "2", []],
      ["tools:model-y", "agents", "–", ["L08"]],
      ["tools:model-x+assist", "assisted", "1", []],
    ]);
  });

  test("finds the anchors in whichever run has them", async () => {
    const other = await rows("--run", "20261120-120000-0001");
    expect(other.map(({ label, table, rank }) => [label, table, rank])).toEqual([
      ["expert", "anchors", "1"],
      ["runbook", "anchors", "2"],
      ["random", "anchors", "3"],
    ]);
    expect((await rows()).flatMap(({ failures }) => failures.map(({ code }) => code))).not.toContain("L09");
  });

  test("ranks no table into another", async () => {
    const all = await rows("--all");
    expect(all).toHaveLength(7);
    expect(all.filter(({ table, rank }) => table === "anchors" && rank === "1")).toHaveLength(1);
  });

  test("prints tables, reasons and what so many pages can tell apart", async () => {
    const { out } = await said(leaderboardCommand, db);
    expect(out).toMatch(/Ranked\n[^]*tools:model-x [^]*Assisted[^]*Not ranked\n[^]*tools:model-y/);
    expect(out).toContain("L08  The engine of a local model is missing: --engine-name.");
    expect(out).toContain("8 tasks can tell apart differences of 0.50 or more (80 % power, one trial each)");
    expect(out).toContain("$0.0175 (1 unpriced)");
  });

  test("says that L10 was not checked when nothing was replayed", async () => {
    expect((await said(leaderboardCommand, [...db, "--no-replay"])).out).toContain("L10 was not checked");
  });

  test("ranks nobody when the suite in use is another", async () => {
    const wiring = readingWiring({ suite: { ...coreSuite, version: "2.0.0" } });
    const { out } = await said(leaderboardCommand, db, wiring);
    expect(out).not.toContain("Ranked\n");
    expect(out).toContain("L01  Suite core@2.0.0 is not frozen.");
  });
});

describe("other sides of it", () => {
  test.each(["difficulty", "service", "fault", "task"])("--by %s has every scored episode in one slice", async (by) => {
    const slices = (await saidJson(leaderboardCommand, [...db, "--by", by])) as { label: string; scored: number }[];
    for (const label of ["tools:model-x", "tools:closer"]) {
      const own = slices.filter((slice) => slice.label === label);
      expect(own.reduce((sum, { scored }) => sum + scored, 0)).toBe(8);
    }
    expect((await said(leaderboardCommand, [...db, "--by", by])).out).toContain("tools:closer");
  });

  test("services and faults are those of the causes that the seeds drew", async () => {
    const slices = (await saidJson(leaderboardCommand, [...db, "--by", "service"])) as { slice: string }[];
    for (const { slice } of slices) {
      expect(["load_balancer", "web_server", "cache", "database", "message_queue", "external", "none"]).toContain(
        slice,
      );
    }
  });

  test("--by cost has tokens, cost and what is unpriced; an agent without calls has none of it", async () => {
    const costs = (await saidJson(leaderboardCommand, [...db, "--by", "cost"])) as Record<string, unknown>[];
    expect(costs.find(({ label }) => label === "tools:model-x")).toMatchObject({
      calls: 8,
      failedCalls: 1,
      totalCostUusd: 17_500,
      unpriced: 1,
      latencyMs: { p50: 400, n: 7 },
    });
    expect(costs.find(({ label }) => label === "tools:closer")).toMatchObject({
      calls: 0,
      totalCostUusd: null,
      inputTokens: null,
      costPerSuccessUusd: null,
    });
  });

  test("--columns tokens has the six columns of model, success, turns, tokens and cost", async () => {
    const { out } = await said(leaderboardCommand, [...db, "--columns", "tokens"]);
    expect(out).toMatch(/│ model +│ success +│ turns +│ input tokens +│ output tokens +│ cost/);
  });
});

interface Skill {
  readonly skill: string;
  readonly label: string;
  readonly measured: boolean;
  readonly value: { readonly value: number | null; readonly n: number };
}

const skillsOf = async (...args: string[]) =>
  ((await saidJson(leaderboardCommand, [...db, "--by", "skill", ...args])) as { skills: Skill[] }).skills;

describe("--by skill", () => {
  test("the expert passes every check that applies, and random stays below the runbook in all but the first", async () => {
    const skills = (await skillsOf("--run", "20261120-120000-0001")).filter(({ measured }) => measured);
    const valueOf = (agent: string, skill: string) =>
      skills.find((one) => one.label === agent && one.skill === skill)?.value.value ?? null;
    for (const { skill } of skills) {
      expect(valueOf("expert", skill) ?? 1).toBe(1);
      if (skill === "tool calling") continue;
      expect([skill, (valueOf("random", skill) ?? 0) < (valueOf("runbook", skill) ?? 0)]).toEqual([skill, true]);
    }
  });

  test("who closes at once has nothing in any skill", async () => {
    const own = (await skillsOf()).filter(({ label }) => label === "tools:closer");
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(({ value }) => (value.value ?? 0) !== 0)).toEqual([]);
  });

  test("coding is not measured, and stands as such", async () => {
    expect((await skillsOf()).filter(({ skill }) => skill === "coding").every(({ measured }) => !measured)).toBe(true);
    expect((await said(leaderboardCommand, [...db, "--by", "skill"])).out).toMatch(/coding +│ n\/a/);
  });
});

test("a database without a run says what to do", async () => {
  const empty = newDatabase();
  await (await openSqliteStore(empty.file)).close();
  await expect(said(leaderboardCommand, ["--db", empty.file])).rejects.toThrow("No run is stored yet.");
  empty.remove();
});
