import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { call, openSocket, reset, startServer, step } from "./fixtures.ts";
import { startProgram } from "./program.ts";

const LOOK = "check_status(cache)";
const FROZEN = join(import.meta.dirname, "frozen-client.ts");

/** A process with connected clients that has been stopped in the middle. */
async function frozenClients(url: string, count: number): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", FROZEN, url, `${count}`], {
    env: { PATH: process.env.PATH },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGSTOP");
}

describe("a server that ends", () => {
  test("answers what has come, then closes with 1012", async () => {
    const server = await startServer();
    const client = await openSocket(server.url);
    await client.ask(reset());
    for (let i = 0; i < 12; i += 1) client.send(step(LOOK)); // more than a socket's turn holds
    expect((await client.next()).data.metadata.info.metrics.steps).toBe(1);
    const closing = server.close();
    for (let i = 2; i <= 12; i += 1) {
      expect((await client.next()).data.metadata.info.metrics.steps).toBe(i); // oxlint-disable-line no-await-in-loop
    }
    expect(await client.closed).toBe(1012);
    await closing;
  });

  test("refuses new work meanwhile, in our words", async () => {
    const server = await startServer({ drainMs: 600, unsentBytes: 1000 });
    const busy = await openSocket(server.url);
    await busy.ask(reset());
    await busy.ask(step("escalate(me)")); // from now on replies are long
    busy.socket.pause();
    for (let i = 0; i < 8000; i += 1) busy.send({ type: "state" }); // more than all buffers hold: frames wait
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = server.close();
    for (const [method, path] of [
      ["GET", "/ready"],
      ["GET", "/health"],
      ["POST", "/reset"],
      ["GET", "/nope"],
    ] as const) {
      const refused = await call(server.url + path, method); // oxlint-disable-line no-await-in-loop
      expect(refused).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
      expect(refused.headers.get("connection")).toBe("close");
    }
    await expect(openSocket(server.url)).rejects.toThrow("503");
    busy.socket.resume();
    expect(await busy.closed).toBe(1012);
    await closing;
    await expect(openSocket(server.url)).rejects.toThrow("ECONNREFUSED");
  });

  test("exits with 0 within ten seconds, whatever frozen clients do", async () => {
    const { child, url, exit } = startProgram();
    await frozenClients(await url, 20);
    const lively = await Promise.all(Array.from({ length: 5 }, async () => openSocket(await url)));
    await Promise.all(lively.map((client) => client.ask(reset())));
    const began = performance.now();
    child.kill("SIGTERM");
    expect(await Promise.all(lively.map(({ closed }) => closed))).toEqual(Array(5).fill(1012));
    expect((await exit).code).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
