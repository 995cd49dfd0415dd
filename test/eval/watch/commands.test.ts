import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Mock } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore, RunStop } from "../../../env/store/store.ts";
import { statusCommand } from "../../../eval/cli/commands/status.ts";
import { watchCommand } from "../../../eval/cli/commands/watch.ts";
import { thisProcess } from "../../../eval/owner.ts";
import type { RunStatus } from "../../../eval/watch/run-status.ts";
import { aPlan, finished, planned, started } from "../../env/store/fixtures.ts";
import { newDatabase } from "../verify/played.ts";
import { said, saidJson } from "../verify/said.ts";

let database: ReturnType<typeof newDatabase>;
let store: ResultStore;
let pauseFile: string;
beforeEach(async () => {
  database = newDatabase();
  store = await openSqliteStore(database.file);
  pauseFile = join(database.folder, "pause.flag");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  database.remove();
});

const flags = (...args: readonly string[]) => [...args, "--db", database.file, "--pause-file", pauseFile];

/** A run of two episodes, of which one has ended. */
async function running(runId: string, createdAt = 1_700_000_000_000): Promise<void> {
  const [first = ""] = await planned(store, runId, aPlan(["a"], ["inc-1", "inc-2"]), { createdAt });
  await store.holdRun(runId, { owner: thisProcess(), at: Date.now(), replaces: null });
  await store.startRun(runId, createdAt);
  await store.commitEpisode(finished(await started(store, first), { outcome: "success", score: 1 }));
}

/** Whether the command that is running has written anything. */
function hasWritten(): boolean {
  const { write } = process.stdout as unknown as { readonly write: Mock };
  return write.mock.calls.length > 0;
}

const stop = (status: RunStop["status"]): RunStop => ({ status, at: Date.now(), reason: null });

describe("status", () => {
  test("shows the newest run that is being played, also when a later one has ended", async () => {
    await running("early", 1_000);
    await running("late", 2_000);
    await store.finishRun("late", stop("complete"));
    const { out, exitCode } = await said(statusCommand, flags());
    expect(out).toContain(`Run early, core@1.0.0: running, by process ${process.pid}`);
    expect(out).toContain("1/2 episodes");
    expect(exitCode).toBe(0);
    expect((await said(statusCommand, flags("late"))).out).toContain("Run late, core@1.0.0: complete");
  });

  test("shows the newest run when none is being played", async () => {
    for (const [id, at] of [
      ["early", 1],
      ["late", 2],
    ] as const) {
      await running(id, at);
      await store.finishRun(id, stop("halted"));
    }
    const status = (await saidJson(statusCommand, flags())) as RunStatus;
    expect(status).toMatchObject({ run: { runId: "late", status: "halted" }, player: null, slots: { scored: 1 } });
  });

  test("shows a row for each incident when asked", async () => {
    await running("one");
    expect((await said(statusCommand, flags("--by", "task"))).out).toMatch(/│ inc-2 +│ 0\/1/);
  });

  test.each([
    ["", "The pause file is there: no episode begins."],
    ["now", "The pause file says now: nothing is sent."],
  ])("says that the pause file is there, with %j in it", async (content, expected) => {
    await running("one");
    writeFileSync(pauseFile, content);
    expect((await said(statusCommand, flags())).out).toContain(expected);
  });

  test("refuses a run that is not there, and a database without one", async () => {
    await expect(said(statusCommand, flags("other"))).rejects.toThrow('There is no run "other"');
    await expect(said(statusCommand, flags())).rejects.toThrow("No run is stored yet");
  });
});

describe("watch", () => {
  test.each([
    ["complete", 0],
    ["failed", 1],
    ["paused", 4],
    ["halted", 5],
    ["budget_stopped", 6],
    ["cancelled", 1],
  ] as const)("ends with a run that is %s, with exit code %i", async (status, code) => {
    await running("one");
    await store.finishRun("one", stop(status));
    expect(await said(watchCommand, flags())).toMatchObject({ exitCode: code, out: expect.stringContaining(status) });
  });

  test("follows a run until it ends, a line of JSON for each look", async () => {
    await running("one");
    const watching = said(watchCommand, flags("--every", "1", "--json"));
    await vi.waitUntil(hasWritten);
    await store.finishRun("one", stop("complete"));
    const { out, exitCode } = await watching;
    const lines = out.trimEnd().split("\n");
    const seen = lines.map((line) => (JSON.parse(line) as RunStatus).run.status);
    expect(seen.at(0)).toBe("running");
    expect(seen.at(-1)).toBe("complete");
    expect(exitCode).toBe(0);
  });

  test("looks once when asked, though the run goes on", async () => {
    await running("one");
    expect(await said(watchCommand, flags("--once"))).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining("1/2"),
    });
  });

  test("warns when the process that played is gone", async () => {
    await running("one");
    const dead = { ...thisProcess(), pid: 2 ** 22 + 1 };
    const held = await store.run("one");
    await store.holdRun("one", { owner: dead, at: Date.now(), replaces: held?.owner?.token ?? null });
    const { out } = await said(watchCommand, flags("--once"));
    expect(out).toContain("WARNING: process 4194305 on");
    expect(out).toContain("oncall resume one");
  });

  test("shows on a terminal what has room there, in place", async () => {
    await running("one");
    await store.finishRun("one", stop("complete"));
    const terminal = { isTTY: true, rows: 5, columns: 200 };
    const before = Object.fromEntries(Object.keys(terminal).map((key) => [key, Reflect.get(process.stdout, key)]));
    Object.assign(process.stdout, terminal);
    try {
      const { out } = await said(watchCommand, flags());
      expect(out.startsWith("\u001b[1;1H\u001b[0JRun one")).toBe(true);
      expect(out.split("\n")).toHaveLength(5);
      expect(out).toMatch(/… \d+ more lines: oncall status\n$/);
    } finally {
      Object.assign(process.stdout, before);
    }
  });

  test("shows nothing that an agent's name could do to a terminal", async () => {
    const [first = ""] = await planned(store, "one", aPlan(["evil\u001b[2J\u202e"], ["inc-1"]));
    await store.startRun("one", 1);
    await started(store, first);
    for (const args of [["--once"], ["--once", "--json"]]) {
      const { out } = await said(watchCommand, flags(...args));
      expect(["\u001b", "\u202e"].filter((char) => out.includes(char))).toEqual([]);
    }
  });
});
