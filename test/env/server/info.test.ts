import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { HTTP_ERRORS } from "../../../env/contract/http-errors.ts";
import { ERRORS } from "../../../env/core/errors.ts";
import { errorStatus } from "../../../env/server/error-status.ts";
import { readConfig } from "../../../env/server/config.ts";
import { serve } from "../../../env/server/server.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { startServer } from "./fixtures.ts";

describe("what a server says about itself", () => {
  test("/health, /metadata, /schema and the index", async () => {
    const { url } = await startServer();
    const json = async (path: string) => (await fetch(url + path)).json();
    expect(await json("/health")).toEqual({ status: "healthy" });
    expect(await json("/metadata")).toEqual({
      name: "oncall_gym",
      description: expect.any(String),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      readme_content: null,
      author: expect.any(String),
      documentation_url: null,
    });
    expect(Object.keys((await json("/schema")) as object)).toEqual(["action", "observation", "state"]);
    const index = await fetch(url);
    expect(index.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const text = await index.text();
    for (const path of ["/health", "/metadata", "/schema", "/ws"]) expect(text).toContain(path);
  });

  test.for([
    ["GET", "/nope", 404, "NOT_FOUND"],
    ["GET", "/ws", 404, "NOT_FOUND"],
    ["GET", "/ws/", 404, "NOT_FOUND"],
    ["POST", "/health", 405, "METHOD_NOT_ALLOWED"],
    ["DELETE", "/schema", 405, "METHOD_NOT_ALLOWED"],
    ["GET", "/%zz", 400, "INVALID_REQUEST"],
    ["POST", "/nope", 404, "NOT_FOUND"],
  ] as const)("%s %s is %i %s", async ([method, path, status, code]) => {
    const { url } = await startServer();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ detail: HTTP_ERRORS[code].detail, code });
  });

  test("a server that cannot save results serves on, and says so", async () => {
    let saving = false;
    const config = readConfig({ flags: { port: 0, logLevel: "silent" } });
    const server = await serve({ suite: coreSuite, config, saving: () => saving });
    onTestFinished(() => server.close());
    const health = async () => {
      const response = await fetch(`${server.url}/health`);
      return [response.status, await response.json()];
    };
    expect(await health()).toEqual([200, { status: "degraded" }]);
    saving = true;
    expect(await health()).toEqual([200, { status: "healthy" }]);
  });

  test("a refusal echoes nothing of the request", async () => {
    const { url } = await startServer();
    const canary = "CANARYCANARY0001";
    for (const [path, init] of [
      [`/${canary}`, {}],
      [`/%zz${canary}`, {}],
      ["/health", { headers: { origin: `http://${canary}` } }],
      ["/health", { method: "POST", body: canary, headers: { "content-type": canary } }],
      ["/health", { method: "POST", body: `{${canary}`, headers: { "content-type": "application/json" } }],
    ] as const) {
      expect(await (await fetch(url + path, init)).text()).not.toContain(canary); // oxlint-disable-line no-await-in-loop
    }
  });

  test("every code of the environment has a status", () => {
    expect(Object.keys(errorStatus).toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  test.for(["/ws", "/nope", "/health", "/%zz"])("a refused upgrade of %s leaves no connection open", async (path) => {
    const { url } = await startServer();
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const head = ["Host: evil.example", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    socket.write(`GET ${path} HTTP/1.1\r\n${head.join("\r\n")}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    await new Promise((resolve) => socket.once("close", resolve));
    expect(answer).toMatch(path === "/%zz" ? /^HTTP\/1.1 400/ : /^HTTP\/1.1 403/);
  });
});
