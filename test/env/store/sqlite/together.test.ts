import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../../../../env/store/sqlite/results.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-together-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that adds its run to each file it is told. */
function opener(runId: string) {
  const script = join(import.meta.dirname, "open-together.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, runId], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    open: (file: string, moment: number) => child.stdin.write(`${moment} ${file}\n`),
    said: async () => (await lines.next()).value as string,
    end: () => child.stdin.end(),
  };
}

test("processes that make, open and close one file at the same moment never refuse each other", async () => {
  const openers = ["a", "b"].map(opener);
  await Promise.all(openers.map(({ said }) => said()));
  for (let round = 0; round < 40; round += 1) {
    const file = join(folder, `${round}.db`);
    const moment = Date.now() + 20;
    for (const { open } of openers) open(file, moment);
    expect(await Promise.all(openers.map(({ said }) => said()))).toEqual(["done", "done"]);
    const store = await openSqliteStore(file, { readOnly: true });
    expect((await store.runs()).map(({ runId }) => runId)).toEqual(["b", "a"]);
    await store.close();
  }
  for (const { end } of openers) end();
});
