import { WebSocket } from "ws";
import { ACTION_TYPES } from "../../../env/contract/index.ts";
import { HttpCaller } from "../transports/http-call.ts";
import type { HttpAnswer, HttpCall } from "../transports/http-call.ts";

export interface PlaneFindings {
  /** Calls of a control route that were not refused with 401, 403 or 404. */
  readonly reached: number;
  readonly calls: number;
  /** Whether an agent's tools are the eight actions and the briefing, and nothing else. */
  readonly wrongTools: number;
}

/** Whom a server answers that runs with tokens, and where. */
export interface Planes {
  readonly url: string;
  /** Listener of the agent plane alone. */
  readonly agentUrl: string;
  readonly controlToken: string;
  readonly agentToken: string;
}

const SOCKETS = ["/ws", "/mcp", "/vector"];
/** Under the handle of an episode it is the agent's. */
const AGENTS_OWN = "/mcp";
const REFUSALS = new Set([401, 403, 404]);

/** Every control route with no token, with the agent's, under the handle of an episode, and on the agents' listener. */
export async function probePlanes({ url, agentUrl, controlToken, agentToken }: Planes): Promise<PlaneFindings> {
  const control = new HttpCaller(url);
  const agents = new HttpCaller(agentUrl);
  const opened = await control.call({
    method: "POST",
    path: "/reset",
    headers: { ...as(controlToken), "x-session-id": "new" },
    body: "{}",
  });
  const id = opened.headers["x-session-id"] as string;
  const session = await control.call({
    method: "GET",
    path: "/session",
    headers: { ...as(controlToken), "x-session-id": id },
  });
  const handle = (JSON.parse(session.text) as { agent_path: string }).agent_path;
  const routes = await controlRoutes(control, as(controlToken));

  const answers: Promise<number>[] = [];
  for (const route of routes) {
    const { path } = route;
    const headers = { "x-session-id": id };
    answers.push(
      statusOf(control, { ...route, headers }),
      statusOf(control, { ...route, headers: { ...headers, ...as(agentToken) } }),
      statusOf(agents, { ...route, headers: { ...headers, ...as(agentToken) } }),
      statusOf(agents, { ...route, headers: { ...headers, ...as(controlToken) } }),
    );
    if (path === AGENTS_OWN) continue;
    answers.push(
      statusOf(control, { ...route, path: handle + path, headers: { ...headers, ...as(agentToken) } }),
      statusOf(control, { ...route, path: handle + path, headers: { ...headers, ...as(controlToken) } }),
      statusOf(agents, { ...route, path: handle + path, headers: { ...headers, ...as(agentToken) } }),
    );
  }
  for (const path of SOCKETS) {
    answers.push(
      upgradeStatus(url + path),
      upgradeStatus(url + path, agentToken),
      ...(path === AGENTS_OWN ? [] : [upgradeStatus(url + handle + path, agentToken)]),
      upgradeStatus(agentUrl + path, agentToken),
      upgradeStatus(agentUrl + path, controlToken),
    );
  }
  const statuses = await Promise.all(answers);
  const lists = await Promise.all(
    [control, agents].map((caller) =>
      caller.call({
        method: "POST",
        path: `${handle}/mcp`,
        headers: as(agentToken),
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      }),
    ),
  );
  control.end();
  agents.end();
  return {
    calls: statuses.length,
    reached: statuses.filter((status) => !REFUSALS.has(status)).length,
    wrongTools: lists.filter((list) => !hasAgentsToolsOnly(list)).length,
  };
}

const as = (token: string) => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });
const statusOf = async (caller: HttpCaller, call: HttpCall): Promise<number> => (await caller.call(call)).status;

/** What the server says it serves, but for what is open to everyone or an agent's. */
async function controlRoutes(caller: HttpCaller, headers: Record<string, string>): Promise<HttpCall[]> {
  const { text } = await caller.call({ method: "GET", path: "/openapi.json", headers });
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
  return [["/", { get: {} }] as const, ["/openapi.json", { get: {} }] as const, ...Object.entries(paths)]
    .filter(([path]) => !path.startsWith("/e/") && !OPEN.has(path))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, "oncall_gym"),
      })),
    );
}
const OPEN = new Set(["/health", "/ready"]);

/** The status with which an upgrade is answered; 101 when it succeeds. */
const upgradeStatus = (address: string, token?: string): Promise<number> =>
  new Promise((resolve) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(address.replace("http", "ws"), { headers });
    socket.on("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.on("unexpected-response", (_request, { statusCode = 0 }) => {
      socket.terminate();
      resolve(statusCode);
    });
    socket.on("error", () => resolve(0));
  });

function hasAgentsToolsOnly({ text }: HttpAnswer): boolean {
  const { result } = JSON.parse(text) as { result?: { tools: readonly { name: string }[] } };
  const names = result?.tools.map(({ name }) => name) ?? [];
  return names.join() === [...ACTION_TYPES, "get_briefing"].join();
}
