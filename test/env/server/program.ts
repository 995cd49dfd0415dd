import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const MAIN = join(import.meta.dirname, "../../../eval/cli/main.ts");

/** `oncall serve` as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Where it listens; rejects with all that was said when it ends before. */
  readonly url: Promise<string>;
  /** Exit code, and all that was said. */
  readonly exit: Promise<{ readonly code: number | null; readonly stderr: string; readonly stdout: string }>;
  /** What was said on stderr so far. */
  said(): string;
}

/** Starts it on a free port, without results unless the arguments say otherwise; killed when the test ends. */
export function startProgram(...args: string[]): Program {
  const kept = args.includes("--db") ? [] : ["--no-db"];
  const given = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, "serve", ...given, ...kept, ...args], {
    env: { PATH: process.env.PATH },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  let stdout = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  const exit = new Promise<{ code: number | null; stderr: string; stdout: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, stderr, stdout }));
  });
  const url = new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (data) => {
      stderr += String(data);
      const [, found] = /^oncall-gym listens on (http:\S+)\n/m.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
    void exit.then(() => reject(new Error(stderr)));
  });
  url.catch(() => {}); // a test that expects no address need not ask for one
  return { child, url, exit, said: () => stderr };
}

/** An empty folder, gone when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "oncall-serve-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
