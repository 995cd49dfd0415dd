import Database from "better-sqlite3";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rescoreCommand } from "../../../eval/cli/commands/rescore.ts";
import { playedDatabase } from "./played.ts";
import { said, saidJson } from "./said.ts";

let database: Awaited<ReturnType<typeof playedDatabase>>;
let folder: string;
beforeAll(async () => {
  database = await playedDatabase();
  folder = join(database.folder, database.runId);
});
afterAll(() => database.remove());

const rescored = () => join(folder, "rescored-1.0.0.jsonl");

test("verdicts are written beside the stored ones, once for each episode, and nothing stored changes", async () => {
  const before = stored();
  const { out, exitCode } = await said(rescoreCommand, ["--db", database.file]);
  expect(exitCode).toBe(0);
  expect(out).toContain("9 episodes, 0 with another verdict.");
  expect(stored()).toEqual(before);
  const lines = readFileSync(rescored(), "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(9);
  for (const line of lines) {
    const { stored: was, rescored: now, scoring_version } = JSON.parse(line);
    expect(now).toMatchObject(was);
    expect(scoring_version).toBe("1.0.0");
  }
});

test("a verdict that another scoring gave stands beside what this one gives", async () => {
  const file = new Database(database.file);
  const old = file.prepare("SELECT episode_id, score FROM episode WHERE score > 0.9 LIMIT 1").get() as Row;
  file.prepare("UPDATE run SET versions_json = json_set(versions_json, '$.scoring', '0.9.0')").run();
  file.prepare("UPDATE episode SET score = 0.25 WHERE episode_id = ?").run(old.episode_id);
  const out = join(database.folder, "old.jsonl");
  expect(await saidJson(rescoreCommand, ["--out", out, "--db", database.file])).toMatchObject({
    from: "0.9.0",
    to: "1.0.0",
    rescored: 9,
    changed: 1,
    did: "written",
  });
  const line = readFileSync(out, "utf8")
    .split("\n")
    .find((text) => text.includes(old.episode_id));
  expect(JSON.parse(line ?? "")).toMatchObject({ stored: { score: 0.25 }, rescored: { score: old.score } });
  file.prepare("UPDATE episode SET score = ? WHERE episode_id = ?").run(old.score, old.episode_id);
  file.prepare("UPDATE run SET versions_json = json_set(versions_json, '$.scoring', '1.0.0')").run();
  file.close();
});

test("the same file is found again, and another text under its name is never overwritten", async () => {
  await said(rescoreCommand, ["--db", database.file]);
  expect(await saidJson(rescoreCommand, ["--db", database.file])).toMatchObject({ did: "unchanged" });
  writeFileSync(rescored(), "mine\n");
  await expect(said(rescoreCommand, ["--db", database.file])).rejects.toThrow("It was left as it is.");
  expect(readFileSync(rescored(), "utf8")).toBe("mine\n");
});

test("an episode whose trajectory is another now keeps its old verdict, and the exit code is 7", async () => {
  const file = new Database(database.file);
  const row = file.prepare("SELECT episode_id, trajectory_sha256 FROM episode LIMIT 1").get() as Row;
  file.prepare("UPDATE episode SET trajectory_sha256 = ? WHERE episode_id = ?").run("0".repeat(64), row.episode_id);
  const { err, exitCode } = await said(rescoreCommand, ["--out", join(database.folder, "x"), "--db", database.file]);
  expect(err).toContain(`${row.episode_id} was not rescored: its trajectory is another now.`);
  expect(exitCode).toBe(7);
  file
    .prepare("UPDATE episode SET trajectory_sha256 = ? WHERE episode_id = ?")
    .run(row.trajectory_sha256, row.episode_id);
  file.close();
});

test("a run of another environment is refused: its trajectories cannot be had again", async () => {
  const file = new Database(database.file);
  file.prepare("UPDATE run SET versions_json = json_set(versions_json, '$.env', '0.9.0')").run();
  await expect(said(rescoreCommand, ["--db", database.file])).rejects.toThrow("this build replays 1.0.0 only");
  file.prepare("UPDATE run SET versions_json = json_set(versions_json, '$.env', '1.0.0')").run();
  file.close();
});

interface Row {
  readonly episode_id: string;
  readonly score: number;
  readonly trajectory_sha256: string;
}

function stored(): unknown {
  const file = new Database(database.file, { readonly: true });
  const rows = ["run", "slot", "episode", "step"].map((table) => file.prepare(`SELECT * FROM ${table}`).all());
  file.close();
  return rows;
}
