import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchResult } from "./result.ts";
import { compare } from "./rounds.ts";

const PROGRAM = join(import.meta.dirname, "../../eval/cli/main.ts");
const TSX = ["--import", "tsx"];
const TRIALS = 250;

/** P14: from the start of `oncall serve` until it has answered a first request. */
export const benchServerStart = (): Promise<BenchResult> =>
  compare({
    id: "P14",
    title: "start of oncall serve to its first reply",
    unit: "s",
    target: "≤ 0.8 s",
    bound: "reading and compiling the modules",
    baseline: { name: "start of Node with tsx", run: () => seconds(() => run([...TSX, "--eval", "0"])) },
    ours: { name: "first reply", run: firstReply },
  });

/** P14: `oncall leaderboard` on ten thousand episodes. */
export async function benchLeaderboard(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "oncall-bench-"));
  const db = join(folder, "results.db");
  run([...TSX, PROGRAM, "run", "--agents", "random", "--trials", String(TRIALS), "--db", db]);
  const result = await compare({
    id: "P14-leaderboard",
    title: "oncall leaderboard on 10,000 episodes",
    unit: "s",
    target: "≤ 1.5 s",
    bound: "reading the rows, then the resampling of intervals",
    baseline: { name: "start of Node with tsx", run: () => seconds(() => run([...TSX, "--eval", "0"])) },
    ours: { name: "leaderboard", run: () => seconds(() => run([...TSX, PROGRAM, "leaderboard", "--db", db])) },
  });
  rmSync(folder, { recursive: true });
  return result;
}

async function firstReply(): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [...TSX, PROGRAM, "serve", "--port", "0", "--no-db"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
      const found = /http:\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
    child.once("exit", () => reject(new Error(`oncall serve did not start:\n${said}`)));
  });
  const answer = await fetch(`${url}/reset`, { method: "POST" });
  await answer.json();
  const took = (performance.now() - began) / 1000;
  child.kill();
  return took;
}

function seconds(body: () => void): number {
  const began = performance.now();
  body();
  return (performance.now() - began) / 1000;
}

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stderr}`);
}
