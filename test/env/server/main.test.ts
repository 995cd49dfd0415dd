import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openSocket, reset } from "./fixtures.ts";

const main = join(import.meta.dirname, "../../../env/server/main.ts");

interface Process {
  readonly child: ChildProcess;
  /** The first line on stderr. */
  readonly line: Promise<string>;
  /** Exit code, and all that was said. */
  readonly exit: Promise<{ readonly code: number | null; readonly stderr: string; readonly stdout: string }>;
}

/** The server as a process of its own, killed when the test ends. */
function start(...args: string[]): Process {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], { env: { PATH: process.env.PATH } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  let stdout = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  const line = new Promise<string>((resolve) => {
    child.stderr.on("data", (data) => {
      stderr += String(data);
      if (stderr.includes("\n")) resolve(stderr.slice(0, stderr.indexOf("\n")));
    });
  });
  const exit = new Promise<{ code: number | null; stderr: string; stdout: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, stderr, stdout }));
  });
  return { child, line, exit };
}

describe("the server's program", () => {
  test.for(["SIGTERM", "SIGINT"] as const)(
    "says where it listens, and on %s closes its clients and exits with 0",
    async (signal) => {
      const { child, line, exit } = start("--port", "0");
      const url = (await line).replace("oncall-gym listens on ", "");
      const client = await openSocket(url);
      const frozen = await openSocket(url);
      frozen.socket.pause();
      await client.ask(reset());
      child.kill(signal);
      expect(await client.closed).toBe(1012);
      expect(await exit).toEqual({ code: 0, stderr: `oncall-gym listens on ${url}\n`, stdout: "" });
    },
  );

  test("exits at once on a second signal", async () => {
    const { child, line, exit } = start("--port", "0", "--close-ms", "60000");
    const frozen = await openSocket((await line).replace("oncall-gym listens on ", ""));
    frozen.socket.pause();
    child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGTERM");
    expect((await exit).code).toBe(1);
  });

  test.for([
    [["--host", "0.0.0.0"], "--insecure-no-auth"],
    [["--port", "x"], "--port: expected a whole number"],
    [["--nonsense"], "nonsense"],
  ] as const)("does not start with %j, and says why", async ([args, reason]) => {
    const { code, stderr, stdout } = await start(...args).exit;
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("");
  });
});
