import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { layout } from "../../../agents/rl/sight.ts";
import { readCheckpoint } from "../../../agents/rl/checkpoint.ts";
import { vectorIds } from "../../../agents/rl/spec-ids.ts";

const root = mkdtempSync(join(tmpdir(), "oncall-train-"));
afterAll(() => rmSync(root, { recursive: true }));

const MAIN = join(import.meta.dirname, "../../../eval/cli/main.ts");
const oncall = (...args: string[]): string[] => ["--import", "tsx", MAIN, "train", ...args];

/** Looks again until it is so, for 40 s at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 800 && !isSo(); i += 1) await wait(50);
}

describe("oncall train", () => {
  test("saves and exits with 4 on the first SIGINT, so that it can be resumed", async () => {
    const out = join(root, "stopped");
    const log = join(out, "log.csv");
    const small = ["--envs", "4", "--horizon", "8", "--minibatch", "32", "--curriculum", "easy:1"];
    const child = spawn(process.execPath, oncall("--steps", "1000000", ...small, "--out", out), { stdio: "pipe" });
    const printed: string[] = [];
    child.stdout.on("data", (chunk) => printed.push(String(chunk)));
    const ended = once(child, "exit");
    const lines = (): number => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").length : 0);
    try {
      await until(() => lines() > 2 || child.exitCode !== null);
      child.kill("SIGINT");
      expect(await ended).toEqual([4, null]);
    } finally {
      child.kill("SIGKILL");
    }
    expect(printed.join("")).toContain(`Go on: oncall train --resume --out ${out}`);
    const file = join(out, "checkpoint.json");
    const { trainer } = readCheckpoint(readFileSync(file, "utf8"), layout, vectorIds, file);
    expect(trainer.counters.updates).toBe(lines() - 1);
  });

  test("does not resume under other settings: says so, exits with 2, and leaves nothing behind", () => {
    const args = oncall("--resume", "--seed", "3", "--out", join(root, "none"));
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).toContain('A training goes on under its own settings, and "seed" is one of them.');
    expect(status).toBe(2);
    expect(existsSync(join(root, "none"))).toBe(false);
  });
});
