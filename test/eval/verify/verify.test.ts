import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Agent } from "../../../agents/agent.ts";
import { canonicalJson, sha256 } from "../../../env/store/canonical.ts";
import { verifyCommand } from "../../../eval/cli/commands/verify.ts";
import { openSqliteBackend, openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore, RunRecord } from "../../../env/store/store.ts";
import { isSound, verifyRun } from "../../../eval/verify/verify.ts";
import { ScriptedAgent } from "../../helpers.ts";
import { insteadOf, newDatabase, playInto, playedDatabase } from "./played.ts";
import { said, saidJson } from "./said.ts";

const runOf = async (store: ResultStore, runId: string): Promise<RunRecord> => (await store.run(runId)) as RunRecord;

/** A run that was planned otherwise, as it would have been stored. */
function planned(run: RunRecord, changes: object): RunRecord {
  const plays = { ...(run.filter["plays"] as object), ...changes };
  return { ...run, filter: { ...run.filter, plays }, fingerprint: sha256(canonicalJson(plays)) };
}

/** Plays no further while it still could. */
const quitting = (): Agent => ({
  begin: () => {},
  act: ({ steps_left }) =>
    Promise.resolve(steps_left > 10 ? { action: "inspect_logs(cache)" } : { action: null, stop: "agent_quit" }),
});

const falling = () =>
  new ScriptedAgent((step) => {
    if (step === 2) throw new Error("the agent fell over");
    return "check_status(cache)";
  });

describe("an untouched run", () => {
  let database: Awaited<ReturnType<typeof playedDatabase>>;
  let store: ResultStore;
  beforeAll(async () => {
    database = await playedDatabase({ trials: 2 });
    store = await openSqliteStore(database.file, { readOnly: true });
  });
  afterAll(async () => {
    await store.close();
    database.remove();
  });

  test("replays to the same observations, rewards, hashes and verdicts", async () => {
    const seen: number[] = [];
    const verification = await verifyRun(store, await runOf(store, database.runId), {
      onEpisode: (done, total) => seen.push(total - done),
    });
    expect(verification).toEqual({
      runId: database.runId,
      replayed: 18,
      scored: 18,
      problems: [],
      mismatches: [],
      notes: [],
    });
    expect(seen).toEqual(Array.from({ length: 18 }, (_, i) => 17 - i));
  });

  test("of another environment version is not replayed, and does not pass", async () => {
    const run = await runOf(store, database.runId);
    const older = { ...run, versions: { ...run.versions, env: "0.9.0" } };
    const verification = await verifyRun(store, planned(older, { env_version: "0.9.0" }));
    expect(isSound(verification)).toBe(false);
    expect(verification).toMatchObject({ replayed: 0, problems: [{ what: "environment version" }] });
  });

  test("of another scoring version is compared up to its trajectories, and says so", async () => {
    const run = await runOf(store, database.runId);
    const older = { ...run, versions: { ...run.versions, scoring: "0.9.0" } };
    const verification = await verifyRun(store, planned(older, { scoring_version: "0.9.0" }));
    expect(verification).toMatchObject({ replayed: 18, problems: [], mismatches: [] });
    expect(verification.notes).toEqual([expect.stringContaining("verdicts were not")]);
  });

  test("whose seeds are private says what it could not check, unless it is told the salt", async () => {
    const saltSha256 = "ab".repeat(32);
    const run = { ...(await runOf(store, database.runId)), saltSha256 };
    const verification = await verifyRun(store, planned(run, { salt_sha256: saltSha256 }));
    expect(isSound(verification)).toBe(true);
    expect(verification.notes).toEqual([expect.stringContaining("private salt")]);
  });

  test.each([
    ["scoring version", { versions: { suite: "core@1.0.0", env: "1.0.0", scoring: "0.9.0" } }],
    ["base seed", { baseSeed: 1 }],
    ["fingerprint", { fingerprint: "ab".repeat(32) }],
  ])("whose %s is not what it was planned with does not pass", async (what, changes) => {
    const verification = await verifyRun(store, { ...(await runOf(store, database.runId)), ...changes });
    expect(verification.problems).toContainEqual(expect.objectContaining({ what: `${what} of the run` }));
  });
});

test("an episode that the harness cut short is cut short again", async () => {
  const database = newDatabase();
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const runId = await playInto(backend, { variants: insteadOf("random", quitting) });
  expect((await store.episodes()).map(({ terminalReason }) => terminalReason)).toEqual(Array(3).fill("agent_quit"));
  const verification = await verifyRun(store, await runOf(store, runId));
  expect(verification).toMatchObject({ replayed: 3, scored: 3, problems: [], mismatches: [] });
  await store.close();
  database.remove();
});

test("actions that are no JSON value an agent should send are replayed like any other", async () => {
  const database = newDatabase();
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const odd = [null, "", 12, [], { type: "inspect_logs" }, "x".repeat(9000), { type: "\u001b[2J" }];
  const babbling = () => new ScriptedAgent((step) => odd[step % odd.length]);
  const runId = await playInto(backend, { variants: insteadOf("random", babbling) });
  expect(isSound(await verifyRun(store, await runOf(store, runId)))).toBe(true);
  await store.close();
  database.remove();
});

test("an attempt that our own error ended enters nothing, and is no mismatch", async () => {
  const database = newDatabase();
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const runId = await playInto(backend, { variants: insteadOf("random", falling) });
  const verification = await verifyRun(store, await runOf(store, runId));
  expect(verification).toMatchObject({ replayed: 3, scored: 0, problems: [], mismatches: [] });
  await store.close();
  database.remove();
});

describe("oncall verify", () => {
  let database: Awaited<ReturnType<typeof playedDatabase>>;
  beforeAll(async () => {
    database = await playedDatabase();
  });
  afterAll(() => database.remove());

  test("says that all is as stored, and exits with 0", async () => {
    const { out, exitCode } = await said(verifyCommand, ["--db", database.file]);
    expect(out).toBe(`Run ${database.runId}: 9 attempts replayed, 9 of them scored; all as stored.\n`);
    expect(exitCode).toBe(0);
    expect(await saidJson(verifyCommand, [database.runId, "--db", database.file])).toMatchObject({
      replayed: 9,
      problems: [],
      mismatches: [],
    });
    expect(await saidJson(verifyCommand, ["--all", "--db", database.file])).toHaveLength(1);
  });

  test("names the episode that was changed and what differs, and exits with 7", async () => {
    const file = new Database(database.file);
    const id = file.prepare("SELECT episode_id FROM episode WHERE score > 0.5 LIMIT 1").pluck().get() as string;
    const score = file.prepare("SELECT score FROM episode WHERE episode_id = ?").pluck().get(id) as number;
    file.prepare("UPDATE episode SET score = 0.99999 WHERE episode_id = ?").run(id);
    const { out, exitCode } = await said(verifyCommand, ["--db", database.file]);
    file.prepare("UPDATE episode SET score = ? WHERE episode_id = ?").run(score, id);
    file.close();
    expect(exitCode).toBe(7);
    expect(out).toContain("9 attempts replayed, 1 not as stored.");
    expect(out).toContain(`${id} `);
    expect(out).toContain(`score: expected ${score}, stored 0.99999`);
  });

  test("refuses a run that is not stored, naming those that are", async () => {
    await expect(said(verifyCommand, ["nope", "--db", database.file])).rejects.toThrow(
      `There is no run "nope". The newest are: ${database.runId}.`,
    );
  });
});
