import { request } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { buildAgentApp, buildApp, newContext } from "../../../env/server/app.ts";
import { ConfigError, readConfig } from "../../../env/server/config.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { call, openSocket, reset, startServer, step } from "./fixtures.ts";
import type { RawSocket } from "./fixtures.ts";

const control = "the-token-of-the-control-plane";
const agent = "the-token-of-the-agent-plane";
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A server with both tokens and one episode, whose agent has its path. */
async function guarded(flags: Readonly<Record<string, unknown>> = {}) {
  const server = await startServer({ controlToken: control, agentToken: agent, ...flags });
  const { headers } = await call(
    `${server.url}/reset`,
    "POST",
    { seed: 1 },
    { ...bearer(control), "x-session-id": "new" },
  );
  const id = headers.get("x-session-id") ?? "";
  const { body } = await call(`${server.url}/session?session_id=${id}`, "GET", undefined, bearer(control));
  return { ...server, id, path: body.agent_path as string };
}

/** 101 for an upgrade that was accepted, otherwise the status of the refusal. */
async function upgradeStatus(open: () => Promise<RawSocket>): Promise<number> {
  try {
    await open();
    return 101;
  } catch (error) {
    return Number(/response: (\d+)/.exec((error as Error).message)?.[1]);
  }
}

/** Every path that an app serves, such as `/e/:handle/health`, with its methods. */
async function routesOf(build: typeof buildApp): Promise<Map<string, string[]>> {
  const context = newContext({ suite: coreSuite, config: readConfig({ flags: { logLevel: "silent" } }) });
  onTestFinished(() => context.sessions.close());
  const app = await build(context);
  onTestFinished(() => app.close());
  await app.ready();
  const routes = new Map<string, string[]>();
  const above: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", part = "", methods = ""] = /^(.*?)── (\S+) \(([^)]*)\)/.exec(line) ?? [];
    if (part === "") continue;
    const depth = Math.floor(indent.length / 4);
    above.splice(depth, above.length, part);
    routes.set(above.join(""), methods.split(", "));
  }
  return routes;
}

/** An address of a path on a server with an episode. */
const addressOf = (url: string, path: string, agentPath: string): string =>
  url + path.replace(":env", "oncall_gym").replace("/e/:handle", agentPath);

/** The plane of every path. */
const SERVED = {
  "/": "control",
  "/health": "open",
  "/ready": "open",
  "/metadata": "control",
  "/schema": "control",
  "/openapi.json": "control",
  "/reset": "control",
  "/step": "control",
  "/state": "control",
  "/session": "control",
  "/ws": "control",
  "/mcp": "control",
  "/vector": "control",
  "/vector/spec": "control",
  "/list_environments": "control",
  "/:env/splits": "control",
  "/:env/tasks": "control",
  "/:env/num_tasks": "control",
  "/:env/task": "control",
  "/:env/task_range": "control",
  "/e/:handle/health": "agent",
  "/e/:handle/mcp": "agent",
} as const;

/** What is refused to nobody in particular, to a stranger, and to an agent. */
const REFUSALS = { open: [[], [], []], control: [[401], [401], [403]], agent: [[401], [401], []] };

describe("two planes, two tokens", () => {
  test("every path belongs to a plane", async () => {
    expect([...(await routesOf(buildApp)).keys()].toSorted()).toEqual(Object.keys(SERVED).toSorted());
  });

  test.for(Object.entries(SERVED))("%s is on the plane: %s", async ([pattern, plane]) => {
    const { url, id, path } = await guarded();
    const address = addressOf(url, pattern, path);
    const methods = (await routesOf(buildApp)).get(pattern) ?? [];
    const statuses: number[][] = [];
    for (const headers of [{}, bearer("a-wrong-token-of-some-length"), bearer(agent)]) {
      const named = { ...headers, "x-session-id": id };
      // oxlint-disable-next-line no-await-in-loop
      const replies = await Promise.all(methods.map((method) => call(address, method, undefined, named)));
      statuses.push(
        [...new Set(replies.map(({ status }) => status))].filter((status) => status === 401 || status === 403),
      );
    }
    expect(statuses).toEqual(REFUSALS[plane]);
    const { body } = await call(`${url}/state`, "GET", undefined, { ...bearer(control), "x-session-id": id });
    expect(body).toMatchObject({ step_count: 0, seed: 1 });
  });

  test("hold for sockets as well", async () => {
    const { url, path } = await guarded();
    for (const where of ["/ws", "/mcp"]) {
      // oxlint-disable no-await-in-loop
      expect(await upgradeStatus(() => openSocket(url, {}, where))).toBe(401);
      expect(await upgradeStatus(() => openSocket(url, { headers: bearer(agent) }, where))).toBe(403);
      expect(await upgradeStatus(() => openSocket(url, { headers: bearer(control) }, where))).toBe(101);
      // oxlint-enable no-await-in-loop
    }
    expect(await upgradeStatus(() => openSocket(url, { headers: bearer(agent) }, `${path}/ws`))).toBe(403);
  });

  test("an id alone is no authority", async () => {
    const { url, id, path } = await guarded();
    for (const headers of [{ "x-session-id": id }, { ...bearer(agent), "x-session-id": id }]) {
      for (const [method, where, body] of [
        ["POST", "/step", { action: "escalate(me)" }],
        ["POST", "/reset", {}],
        ["GET", "/state", undefined],
        ["DELETE", "/session", undefined],
      ] as const) {
        expect([401, 403]).toContain((await call(url + where, method, body, headers)).status); // oxlint-disable-line no-await-in-loop
      }
    }
    expect((await call(`${url}${path}/health`, "GET")).status).toBe(401);
    expect((await call(`${url}/e/${id}/health`, "GET", undefined, bearer(agent))).status).toBe(404);
    const handle = path.split("/").at(-1) ?? "";
    const asId = await call(`${url}/state`, "GET", undefined, { ...bearer(control), "x-session-id": handle });
    expect(asId.status).toBe(404);
  });

  test("1,000 wrong tokens are 401, and none shows in an answer", async () => {
    const { url } = await guarded();
    const wrong = Array.from({ length: 1000 }, (_, i) => `${control.slice(0, i % control.length)}${i}-canary`);
    for (let i = 0; i < wrong.length; i += 50) {
      // oxlint-disable-next-line no-await-in-loop
      const replies = await Promise.all(
        wrong.slice(i, i + 50).map((token) => call(`${url}/schema`, "GET", undefined, bearer(token))),
      );
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
      expect(replies.filter(({ text }) => text.includes("canary"))).toEqual([]);
    }
  });

  test("a handle that leads nowhere is answered alike, whatever it is", async () => {
    const { url, id } = await guarded();
    const answers = await Promise.all(
      ["nobody", id, "__proto__", "x".repeat(90)].map((handle) =>
        call(`${url}/e/${handle}/health`, "GET", undefined, bearer(agent)),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });
});

describe("the agents' own listener", () => {
  test("serves the same episodes, and nothing that controls them", async () => {
    const { agentUrl, path, id } = await guarded({ agentPort: 0 });
    expect((await call(`${agentUrl}/health`, "GET")).body).toEqual({ status: "healthy" });
    expect((await call(`${agentUrl}${path}/health`, "GET", undefined, bearer(agent))).body).toEqual({
      status: "healthy",
    });
    expect((await call(`${agentUrl}${path}/health`, "GET")).status).toBe(401);
    for (const [pattern, plane] of Object.entries(SERVED)) {
      if (plane !== "control") continue;
      const address = addressOf(agentUrl ?? "", pattern, path);
      for (const method of ["GET", "POST", "DELETE"]) {
        // oxlint-disable-next-line no-await-in-loop
        const reply = await call(address, method, undefined, { ...bearer(control), "x-session-id": id });
        expect([pattern, reply.status]).toEqual([pattern, 404]);
      }
    }
    expect(await upgradeStatus(() => openSocket(agentUrl ?? "", { headers: bearer(control) }))).toBe(404);
  });

  test("has every route of the agent plane and no other", async () => {
    const expected = Object.keys(SERVED).filter((path) => SERVED[path as keyof typeof SERVED] !== "control");
    expect([...(await routesOf(buildAgentApp)).keys()].toSorted()).toEqual(expected.toSorted());
  });

  test("checks Host and Origin like the other", async () => {
    const { agentUrl } = await guarded({ agentPort: 0 });
    const statusOf = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const sent = request(`${agentUrl}/health`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on("error", reject).end();
      });
    expect(await statusOf({ host: "evil.example" })).toBe(403);
    expect(await statusOf({ origin: "http://localhost" })).toBe(403);
    expect(await statusOf({})).toBe(200);
  });

  test("ends with the server", async () => {
    const server = await guarded({ agentPort: 0 });
    await server.close();
    await expect(call(`${server.agentUrl}/health`, "GET")).rejects.toThrow("fetch failed");
  });
});

describe("a token in a path", () => {
  test("is taken where the operator allows it, over HTTP and sockets", async () => {
    const { url } = await guarded({ allowPathToken: true });
    expect((await call(`${url}/t/${control}/schema`, "GET")).status).toBe(200);
    expect((await call(`${url}/t/${control}/list_environments?x=1`, "GET")).body).toEqual(["oncall_gym"]);
    expect((await call(`${url}/t/${agent}/schema`, "GET")).status).toBe(403);
    expect((await call(`${url}/t/wrong/schema`, "GET")).status).toBe(401);
    expect((await call(`${url}/t/${control}`, "GET")).status).toBe(200);
    const socket = await openSocket(url, {}, `/t/${control}/ws`);
    await socket.ask(reset());
    expect((await socket.ask(step("check_status(cache)"))).type).toBe("observation");
    expect(await upgradeStatus(() => openSocket(url, {}, "/t/wrong/ws"))).toBe(401);
  });

  test("is nothing where the operator does not", async () => {
    const { url } = await guarded();
    expect((await call(`${url}/t/${control}/schema`, "GET")).status).toBe(401);
    expect((await call(`${url}/t/${control}/schema`, "GET", undefined, bearer(control))).status).toBe(404);
  });

  test("shows in no answer and in no log", async () => {
    const written: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
    try {
      const { url } = await guarded({ allowPathToken: true, logLevel: "debug" });
      const replies = await Promise.all(
        ["/nope", "/%zz", "/schema", "/ws", "/step"].map((path) => call(`${url}/t/${control}${path}`, "POST", "{")),
      );
      const socket = await openSocket(url, {}, `/t/${control}/ws`);
      socket.send("x".repeat(70_000));
      await socket.closed;
      expect(JSON.stringify(replies)).not.toContain(control);
    } finally {
      process.stderr.write = write;
    }
    expect(written.join("")).toContain("socket error");
    expect(written.join("")).not.toContain(control);
  });
});

describe("settings that do not fit together", () => {
  test.for([
    [{ agentToken: agent }, "ONCALL_AGENT_TOKEN keeps agents from nothing"],
    [{ agentToken: control, controlToken: control }, "are the same"],
    [{ allowPathToken: true }, "--allow-path-token needs ONCALL_CONTROL_TOKEN"],
    [{ httpSessions: "shared", mode: "production" }, "--http-sessions shared has nothing to share"],
    [{ httpSessions: "shared", host: "0.0.0.0", insecureNoAuth: true }, "--http-sessions shared lets every machine"],
  ] as const)("%j: %s", ([flags, reason]) => {
    expect(() => readConfig({ flags })).toThrow(ConfigError);
    expect(() => readConfig({ flags })).toThrow(reason);
  });

  test("and those that do", () => {
    expect(readConfig({ flags: { httpSessions: "shared", host: "0.0.0.0", controlToken: control } }).host).toBe(
      "0.0.0.0",
    );
    expect(readConfig({ flags: { agentPort: 0 } }).agentPort).toBe(0);
  });
});

test("a browser sends its token as a subprotocol", async () => {
  const { url } = await guarded();
  const open = (token: string) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, ["oncall", `bearer.${token}`]);
      socket.once("open", () => resolve(101)).once("error", (error) => resolve(error.message));
      onTestFinished(() => socket.terminate());
    });
  expect([await open(control), await open(agent), await open("wrong")]).toEqual([
    101,
    expect.stringContaining("403"),
    expect.stringContaining("401"),
  ]);
});
