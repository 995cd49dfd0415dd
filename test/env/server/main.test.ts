import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSocket, reset } from "./fixtures.ts";
import { startProgram } from "./program.ts";

describe("oncall serve", () => {
  test("says where it listens, and on a signal closes its clients and exits with 0", async () => {
    const { child, url, exit } = startProgram("--agent-port", "0");
    const client = await openSocket(await url);
    const frozen = await openSocket(await url);
    frozen.socket.pause();
    await client.ask(reset());
    child.kill("SIGINT");
    expect(await client.closed).toBe(1012);
    const { code, stderr, stdout } = await exit;
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^oncall-gym listens on http:\S+\nagents alone: http:\S+\/e\/<handle>\n$/);
  });

  test("exits at once on a second signal", async () => {
    const { child, url, exit } = startProgram("--close-ms", "60000");
    const frozen = await openSocket(await url);
    frozen.socket.pause();
    child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGTERM");
    expect((await exit).code).toBe(1);
  });

  test.for(["exception", "rejection"])(
    "after an uncaught %s says what it was, closes, and exits with 1",
    async (kind) => {
      const failing = join(import.meta.dirname, "failing-program.ts");
      const { code, stdout, stderr } = await new Promise<{ code: number | null; stdout: string; stderr: string }>(
        (resolve) => {
          execFile(process.execPath, ["--import", "tsx", failing, kind], (error, out, err) =>
            resolve({ code: Number(error?.code ?? 0), stdout: out, stderr: err }),
          );
        },
      );
      expect([code, stdout]).toEqual([1, "closed"]);
      expect(stderr).toMatch(/^unexpected error, the server ends: .*a bug/);
    },
  );

  test.for([
    [["--host", "0.0.0.0"], "--insecure-no-auth"],
    [["--nonsense"], "nonsense"],
    [["--db", "/dev/null/results.db"], "The file cannot be opened"],
    [["--durable", "/dev/null/sessions.db"], "The file cannot be opened"],
  ] as const)("does not start with %j, and says why", async ([args, reason]) => {
    const { code, stderr, stdout } = await startProgram(...args).exit;
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("");
  });
});
