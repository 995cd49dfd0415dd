import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { exportCommand } from "../../../eval/cli/commands/export.ts";
import { newDatabase, playInto } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

const FIRST = "20261120-120000-0001";
const SECOND = "20261121-090000-0002";

const database = newDatabase();
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  await playInto(backend, { runId: FIRST });
  // The same thing another day, in another order, with another worker count.
  await playInto(backend, { runId: SECOND, agents: "expert,random,runbook" });
  await store.close();
});
afterAll(() => database.remove());

const db = ["--db", database.file];
const exported = async (...args: string[]) => (await said(exportCommand, [...args, ...db])).out;

describe("the scored export", () => {
  test.each(["csv", "json", "jsonl"])(
    "as %s has the same bytes for equal results, whenever they were played",
    async (format) => {
      expect(await exported(format, "--run", SECOND)).toBe(await exported(format, "--run", FIRST));
    },
  );

  test("names neither run nor attempt nor time, unless it is asked for in full", async () => {
    const [head = ""] = (await exported("csv")).split("\r\n");
    expect(head).not.toMatch(/run_id|episode_id|_ms|_at\b/);
    const [full = ""] = (await exported("csv", "--full")).split("\r\n");
    expect(full.split(",").slice(0, 4)).toEqual(["run_id", "episode_id", "attempt", "final"]);
  });

  test("has the thirteen measures and every check by name", async () => {
    const [row] = (await exported("jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(row).toMatchObject({
      agent: "expert",
      outcome: "success",
      check_fix_right: true,
      metric_evidence_coverage: 1,
    });
    expect(row).toHaveProperty("trajectory_sha256");
  });

  test("of all runs says which is which", async () => {
    const rows = (await exported("jsonl", "--all")).trimEnd().split("\n");
    expect(rows).toHaveLength(18);
    expect(new Set(rows.map((row) => (JSON.parse(row) as { run_id: string }).run_id))).toEqual(
      new Set([FIRST, SECOND]),
    );
  });

  test("as json says what the numbers hold under", async () => {
    expect(JSON.parse(await exported("json"))).toMatchObject({
      format: "oncall-gym/results@1",
      suite: "core@1.0.0",
      env_version: "1.0.0",
      scoring_version: "1.0.0",
      base_seed: 0,
    });
  });
});

describe("pages", () => {
  test("md has a section for everything that a publishable result needs", async () => {
    const page = await exported("md");
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      "Suite and versions",
      "Leaderboard",
      "Not ranked",
      "Anchors",
      "Agents and models",
      "Policy",
      "Outcomes",
      "Endings and repeated episodes",
      "Provider errors by class",
      "Success by task",
      "Evidence, wrong fixes and invalid actions",
      "Cost",
      "Over time",
      "Limitations",
    ]);
    expect(page).toContain("3 tasks can tell apart differences of 0.81 or more");
  });

  test("html is one self-contained page, written to a file that is named", async () => {
    const out = join(database.folder, "page.html");
    expect(await saidJson(exportCommand, ["html", "--out", out, ...db])).toMatchObject({ file: out, replaced: false });
    const page = readFileSync(out, "utf8");
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain("inc-117");
    expect(readdirSync(database.folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });
});

test("nothing is written for a run that does not exist, or in a format that does not", async () => {
  const out = join(database.folder, "none.csv");
  await expect(said(exportCommand, ["csv", "--run", "nope", "--out", out, ...db])).rejects.toThrow("There is no run");
  await expect(said(exportCommand, ["xlsx", "--out", out, ...db])).rejects.toThrow("Allowed choices are csv, json");
  expect(existsSync(out)).toBe(false);
});
