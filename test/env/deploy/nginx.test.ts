import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openSocket, reset, startServer, step } from "../server/fixtures.ts";
import type { Reply } from "../server/fixtures.ts";

/** Tried only where nginx is: on the path, or where `ONCALL_NGINX` says. */
const nginx = process.env.ONCALL_NGINX ?? "nginx";
const hasNginx = spawnSync(nginx, ["-v"]).status === 0;
const config = readFileSync(join(import.meta.dirname, "../../../env/deploy/nginx.conf"), "utf8");

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** nginx with the file that ships, in front of two servers; returns its address. */
async function startProxy(): Promise<string> {
  const nodes = [await startServer({ nodeId: "n1" }), await startServer({ nodeId: "n2" })];
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "oncall-nginx-"));
  const ports = [String(port), ...nodes.map(({ url }) => new URL(url).port)];
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const own = config
    .replaceAll(/127\.0\.0\.1:800([012])/g, (_all, index: string) => `127.0.0.1:${ports[Number(index)]}`)
    .replace("http {", `http {\n${paths.join("\n")}`);
  writeFileSync(join(folder, "nginx.conf"), `daemon off;\npid ${folder}/pid;\nerror_log stderr warn;\n${own}`);
  const child = spawn(nginx, ["-e", "stderr", "-p", folder, "-c", "nginx.conf"], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/health`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200);
  return url;
}

/** Calls with a session's id in the header, and gives back status, id and body. */
async function call(url: string, path: string, id: string, body?: object) {
  const reply = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-session-id": id, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, id: reply.headers.get("x-session-id") ?? "", body: (await reply.json()) as Reply };
}

describe.skipIf(!hasNginx)("several servers behind nginx (skipped where nginx is not installed)", () => {
  test("a session's calls go to the server that has it, and new sessions to both", async () => {
    const url = await startProxy();
    const sessions = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => call(url, "/reset", "new", { seed }).then(({ id }) => ({ id, seed }))),
    );
    expect(new Set(sessions.map(({ id }) => id.split(".")[0]))).toEqual(new Set(["n1", "n2"]));
    for (let round = 1; round <= 3; round += 1) {
      const action = { action: { type: "check_status", service: "cache" } };
      await Promise.all(sessions.map(({ id }) => call(url, "/step", id, action)));
      const states = await Promise.all(sessions.map(({ id }) => call(url, "/state", id)));
      expect(states.map(({ body }) => [body.seed, body.step_count])).toEqual(sessions.map(({ seed }) => [seed, round]));
    }
  });

  test("an id in the query is read too", async () => {
    const url = await startProxy();
    const { id } = await call(url, "/reset", "new", { seed: 3 });
    const reply = await fetch(`${url}/state?session_id=${id}`);
    expect(await reply.json()).toMatchObject({ seed: 3, step_count: 0 });
  });

  test("sockets pass, with one reply for each frame", async () => {
    const url = await startProxy();
    const client = await openSocket(url);
    await client.ask(reset({ seed: 1 }));
    expect(await client.ask(step("check_status(cache)"))).toMatchObject({ data: { done: false } });
    expect(await client.ask({ type: "state" })).toMatchObject({ data: { seed: 1, step_count: 1 } });
  });
});
