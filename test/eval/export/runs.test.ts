import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { runsCommand } from "../../../eval/cli/commands/runs.ts";
import { thisProcess } from "../../../eval/owner.ts";
import { withoutMiloAliases } from "../../../eval/cli/milo-aliases.ts";
import { newDatabase, playInto } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

const RUN = "20261120-120000-0001";
const OTHER = "20261120-120001-0002";

let database: ReturnType<typeof newDatabase>;
beforeEach(async () => {
  database = newDatabase();
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const little = { agents: "expert", taskIds: ["inc-117"] };
  await playInto(backend, { runId: RUN, ...little });
  await playInto(backend, { runId: OTHER, ...little });
  await store.close();
});
afterEach(() => database.remove());

const stored = async (): Promise<string[]> =>
  ((await saidJson(runsCommand, ["--db", database.file])) as { runId: string }[]).map(({ runId }) => runId);

describe("runs delete", () => {
  test.each([
    ["after the name", () => ["delete", RUN, "--yes", "--db", database.file]],
    ["before it", () => ["--db", database.file, "delete", "--yes", RUN]],
  ])("removes the run of the database that is named %s, and no other", async (_, args) => {
    const { out } = await said(runsCommand, args());
    expect(out).toContain(`Deleted run ${RUN} with 1 episode.`);
    expect(await stored()).toEqual([OTHER]);
  });

  test("asks first, and does nothing where there is nobody to ask", async () => {
    await expect(said(runsCommand, ["delete", RUN, "--db", database.file])).rejects.toThrow("There is nobody to ask");
    expect(await stored()).toContain(RUN);
  });

  test("takes the run's folder along when it is asked to, and nothing beside it", async () => {
    for (const id of [RUN, OTHER]) {
      mkdirSync(join(database.folder, id));
      writeFileSync(join(database.folder, id, "report.html"), "");
    }
    await said(runsCommand, ["delete", RUN, "--yes", "--files", "--db", database.file]);
    expect(existsSync(join(database.folder, RUN))).toBe(false);
    expect(existsSync(join(database.folder, OTHER, "report.html"))).toBe(true);
  });

  test.each(["..", "a/../../b", "/tmp", ".hidden", "a\u0000b"])(
    "never follows a run's name out of the folder: %j",
    async (name) => {
      const file = new Database(database.file);
      file.pragma("foreign_keys = OFF");
      file.prepare("UPDATE run SET run_id = ? WHERE run_id = ?").run(name, RUN);
      file.close();
      await expect(said(runsCommand, ["delete", name, "--yes", "--files", "--db", database.file])).rejects.toThrow(
        "would not lie beside the database",
      );
      expect(existsSync(database.file)).toBe(true);
    },
  );

  test("never follows a link in the folder's place", async () => {
    const target = join(database.folder, "precious");
    mkdirSync(target);
    symlinkSync(target, join(database.folder, RUN));
    await expect(said(runsCommand, ["delete", RUN, "--yes", "--files", "--db", database.file])).rejects.toThrow(
      "would not lie beside",
    );
    expect(existsSync(target)).toBe(true);
    expect(await stored()).toContain(RUN);
  });

  test("leaves a run alone that another process plays", async () => {
    const file = new Database(database.file);
    file
      .prepare("UPDATE run SET status = 'running', owner_json = ?, heartbeat_at = ? WHERE run_id = ?")
      .run(JSON.stringify(thisProcess()), Date.now(), RUN);
    file.close();
    await expect(said(runsCommand, ["delete", RUN, "--yes", "--db", database.file])).rejects.toThrow("Pause it first");
    await said(runsCommand, ["delete", RUN, "--yes", "--force", "--db", database.file]);
    expect(await stored()).toEqual([OTHER]);
  });
});

const translated = (...args: string[]) => withoutMiloAliases(["node", "oncall", ...args]).slice(2);

describe("flags of Milo-Bench", () => {
  test.each([
    [["--leaderboard"], ["leaderboard"]],
    [
      ["--leaderboard", "--json"],
      ["leaderboard", "--json"],
    ],
    [
      ["--compare", "qwen"],
      ["history", "qwen"],
    ],
    [
      ["--compare=qwen", "--json"],
      ["history", "qwen", "--json"],
    ],
    [["--export-csv"], ["export", "csv"]],
    [
      ["--export-csv", "out.csv"],
      ["export", "csv", "--out", "out.csv"],
    ],
    [
      ["--export-csv", "--full"],
      ["export", "csv", "--full"],
    ],
    [["--report"], ["report"]],
    [
      ["run", "--report"],
      ["run", "--report"],
    ],
    [["leaderboard"], ["leaderboard"]],
    [[], []],
  ])("%j means %j", (typed, meant) => {
    expect(translated(...typed)).toEqual(meant);
  });
});
