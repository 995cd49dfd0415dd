import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { methodical } from "../../../eval/mock-models/models.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "oncall-dry-"));
const db = join(folder, "oncall.db");
const config = join(folder, "config.json");
let provider: MockProvider;

beforeAll(async () => {
  provider = await startMockProvider({ reply: methodical });
  const model = { model: "m", base_url: provider.baseUrl() };
  const prices = [{ model: "m", from: "2026-01-01", input: "1", output: "10" }];
  writeFileSync(
    config,
    JSON.stringify({ models: { m: model, locked: { ...model, api_key_env: "ONCALL_NO_SUCH" } }, prices }),
  );
});
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function oncall(...args: readonly string[]): Promise<Done> {
  const main = join(root, "eval", "cli", "main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => (texts[name] += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...texts };
}

describe("oncall run --dry-run", { timeout: 60_000 }, () => {
  const played = ["run", "--agents", "react:m", "--config", config, "--task-ids", "inc-117", "--db", db] as const;

  test("calls nobody, needs no key, writes nothing, and tells", async () => {
    const done = await oncall(
      "run",
      "--agents",
      "tools:locked,runbook",
      "--config",
      config,
      "--split",
      "dev",
      "--db",
      db,
      "--dry-run",
    );
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toContain("16 episodes of 8 incidents: 64 (24–");
    expect(done.stdout).toContain("L09: random, expert will be missing");
    expect(provider.journal.entries).toEqual([]);
    expect(existsSync(db)).toBe(false);
  });

  test("expects of a model what it used before", async () => {
    expect(await oncall(...played)).toMatchObject({ code: 0 });
    const store = await openSqliteStore(db, { readOnly: true });
    const [episode] = await store.episodes({ finalOnly: true });
    await store.close();
    const calls = provider.journal.entries.length;
    expect(calls).toBeGreaterThan(3);
    const done = await oncall(...played, "--trials", "2", "--dry-run", "--json");
    expect(JSON.parse(done.stdout)).toMatchObject({
      episodes: 2,
      calls: { least: 6, expected: 2 * calls },
      cost_usd: { expected: (2 * (episode?.costUusd ?? NaN)) / 1e6 },
      by_agent: [{ agent: "react:m", basis: 1 }],
    });
    expect(provider.journal.entries).toHaveLength(calls);
  });
});

test("the shards of a run, played apart and merged, are the run", { timeout: 60_000 }, async () => {
  const args = ["--agents", "random,runbook", "--task-range", "1-4", "--trials", "2", "--json"] as const;
  const files = ["whole", "one", "two", "both"].map((name) => join(folder, `${name}.db`)) as [
    string,
    string,
    string,
    string,
  ];
  const [whole, one, two, both] = files;
  await Promise.all([
    oncall("run", ...args, "--db", whole),
    oncall("run", ...args, "--db", one, "--shard", "1/2"),
    oncall("run", ...args, "--db", two, "--shard", "2/2"),
  ]);
  expect(await oncall("merge", "--db", both, one, two)).toMatchObject({ code: 0 });
  const results = await Promise.all(
    [whole, both].map(async (file) => {
      const store = await openSqliteStore(file, { readOnly: true });
      const [run, ...others] = await store.runs();
      const episodes = await store.episodes();
      await store.close();
      expect(others).toEqual([]);
      return { status: run?.status, fingerprint: run?.fingerprint, episodes };
    }),
  );
  const [expected, merged] = results.map(({ episodes, ...run }) => ({
    ...run,
    pages: episodes.map(({ variantLabel, seed, score, trajectorySha256 }) => [
      variantLabel,
      seed,
      score,
      trajectorySha256,
    ]),
  }));
  expect(expected?.pages).toHaveLength(16);
  expect(merged).toEqual(expected);
});
