import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { trajectoryHashes } from "./trajectory-hashes.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "trajectory-hashes.ts");

/** The same episodes in a process of their own. */
async function inAnotherProcess(): Promise<string[]> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", script]);
  return JSON.parse(stdout) as string[];
}

test("twenty episodes have byte-identical trajectories in this process and in two others", async () => {
  const here = trajectoryHashes();
  const [one, other] = await Promise.all([inAnotherProcess(), inAnotherProcess()]);
  expect(new Set(here).size).toBe(20);
  expect(one).toEqual(here);
  expect(other).toEqual(here);
  expect(trajectoryHashes()).toEqual(here);
});
