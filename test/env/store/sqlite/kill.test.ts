import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../../../../env/store/sqlite/results.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-kill-"));
const file = join(folder, "oncall.db");
afterAll(() => rmSync(folder, { recursive: true }));

/** Commits in a process of its own and kills it after `count` acknowledgements. Returns all it acknowledged. */
async function acknowledgedBeforeKill(runId: string, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, "commit-forever.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, file, runId], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    if (output.split("\n").length > count) child.kill("SIGKILL");
  });
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  return output.split("\n").slice(0, -1); // the last line may be cut
}

test("after kill -9 in the middle of commits, all that was acknowledged is there and whole", async () => {
  for (const [round, count] of [3, 40, 111].entries()) {
    const acknowledged = await acknowledgedBeforeKill(`round-${round}`, count);
    expect(acknowledged.length).toBeGreaterThanOrEqual(count);

    const db = new Database(file, { readonly: true });
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("foreign_key_check")).toEqual([]);
    db.close();

    const store = await openSqliteStore(file);
    const runIds = (await store.runs()).map(({ runId }) => runId).filter((runId) => runId.startsWith(`round-${round}`));
    const episodes = await store.episodes({ runIds });
    const committed = episodes.filter(({ outcome }) => outcome !== null);
    expect(committed.map(({ episodeId }) => episodeId)).toEqual(expect.arrayContaining(acknowledged));
    expect(episodes.length - committed.length).toBeLessThanOrEqual(1);
    for (const { episodeId, steps } of episodes) expect(await store.steps(episodeId)).toHaveLength(steps);
    for (const runId of runIds) expect([0, 20]).toContain((await store.slots(runId)).length);
    await store.close();
  }
});
