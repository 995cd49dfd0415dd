import fc from "fast-check";
import { CANARY_SEED } from "../../leaks/canary-tasks.ts";
import { malformed } from "../../leaks/malformed.ts";
import { httpCalls, SESSION } from "../fuzz/http.ts";
import type { Published } from "../fuzz/replies.ts";
import { KINDS } from "../fuzz/request.ts";
import { wsFrames } from "../fuzz/ws.ts";
import { HttpCaller } from "../transports/http-call.ts";
import type { HttpAnswer } from "../transports/http-call.ts";
import { FrameSocket } from "../transports/frame-socket.ts";
import { readFrameReply } from "../transports/ws.ts";
import type { Scanner } from "./scanner.ts";

/** A session whose episode has begun and is not over. */
interface Running {
  readonly id: string;
  /** Leads to the agent plane. */
  readonly path: string;
}

const JSON_TYPE = { "content-type": "application/json" };
/** Paths where the verdict may be read once an episode is over. */
const PLAYED = /^\/(?:step|state)/;
/** In a reply from which the verdict may be read, because the episode is over. */
const OVER = /"(?:done|terminated|truncated)":true/;
/** What real clients of the Model Context Protocol ask, and what they might. */
const METHODS = [
  "initialize",
  "ping",
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
  "logging/setLevel",
  "completion/complete",
  "server/discover",
];

/** Generated requests on every route; each is an answer of the control plane, and of the agent's where it leads there. */
export async function crawlRoutes(
  url: string,
  published: Published,
  count: number,
  seed: number,
  scanner: Scanner,
): Promise<void> {
  const caller = new HttpCaller(url);
  const calls = KINDS.flatMap((kind) =>
    fc.sample(httpCalls(published)[kind], { numRuns: Math.ceil(count / KINDS.length), seed }),
  );
  let running = await begin(caller);
  for (const call of calls) {
    // oxlint-disable no-await-in-loop
    const named = call.headers?.["x-session-id"] === SESSION ? { "x-session-id": running.id } : {};
    const answer = await caller.call({ ...call, headers: { ...call.headers, ...named } });
    const isOver = OVER.test(answer.text);
    if (!isOver || !PLAYED.test(call.path)) scanner.control(rawOf(answer), `routes: ${call.method} ${call.path}`);
    if (isOver) running = await begin(caller);
    // oxlint-enable no-await-in-loop
  }
  for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
    for (const path of [
      "/docs",
      "/metrics",
      "/openapi.json",
      "/",
      "/favicon.ico",
      "/.env",
      "/ws",
      "/debug",
      "/tasks",
    ]) {
      scanner.control(rawOf(await caller.call({ method, path })), `routes: ${method} ${path}`); // oxlint-disable-line no-await-in-loop
    }
  }
  caller.end();
}

/** The agent plane over HTTP: the dialect and the protocol's own clients, in the middle of an episode and after it. */
export async function crawlAgentPlane(url: string, scanner: Scanner): Promise<void> {
  const caller = new HttpCaller(url);
  const { path, id } = await begin(caller);
  const post = async (state: string, body: string, headers: object): Promise<void> => {
    const answer = await caller.call({
      method: "POST",
      path: `${path}/mcp`,
      body,
      headers: { ...JSON_TYPE, ...headers },
    });
    scanner.agent(rawOf(answer), `${state}: ${path}/mcp`);
  };
  const variants = [
    {},
    { accept: "application/json, text/event-stream" },
    { "mcp-protocol-version": "2025-06-18", accept: "*/*" },
  ];
  const everything = async (state: string): Promise<void> => {
    for (const headers of variants) {
      // oxlint-disable no-await-in-loop
      for (const method of METHODS) await post(state, rpc(method, {}), headers);
      await post(state, rpc("tools/call", { name: "get_briefing", arguments: {} }), headers);
      for (const odd of malformed) await post(state, JSON.stringify(odd) ?? "", headers);
      for (const odd of malformed) await post(state, rpc("tools/call", odd), headers);
      for (const name of ["reset", "state", "__proto__", "get_briefing"]) {
        await post(state, rpc("tools/call", { name, arguments: { seed: 1 } }), headers);
      }
      // oxlint-enable no-await-in-loop
    }
    for (const below of ["/health", "/state", "/session", "/reset", "/schema", "/../state", "//state", "/ws"]) {
      scanner.agent(rawOf(await caller.call({ method: "GET", path: path + below })), `${state}: ${below}`); // oxlint-disable-line no-await-in-loop
    }
  };
  await everything("middle");
  await post(
    "wrong close",
    rpc("tools/call", { name: "resolve_incident", arguments: { service: "none", fault: "no_fault" } }),
    {},
  );
  await everything("done");
  await caller.call({ method: "DELETE", path: "/session", headers: { "x-session-id": id } });
  await everything("expired");
  caller.end();
}

/** Generated frames on `/ws`, with an episode of a canary task in it. */
export async function crawlFrames(
  url: string,
  published: Published,
  count: number,
  seed: number,
  scanner: Scanner,
): Promise<void> {
  const frames = KINDS.flatMap((kind) =>
    fc.sample(wsFrames(published)[kind], { numRuns: Math.ceil(count / KINDS.length), seed }),
  );
  let socket: FrameSocket | null = null;
  for (const frame of frames) {
    // oxlint-disable no-await-in-loop
    if (socket === null) {
      socket = await FrameSocket.open(url);
      scanner.control(await socket.ask(`{"type":"reset","data":{"seed":${CANARY_SEED}}}`), "middle: /ws reset");
    }
    const reply: string | null = await socket.ask(frame).catch(() => null);
    const isOver = reply === null || OVER.test(reply);
    if (reply?.startsWith('{"type":"observation"')) scanner.turn(readFrameReply(reply), "frames: /ws");
    else if (reply !== null && !isOver) scanner.control(reply, "frames: /ws");
    if (isOver || reply?.includes("SESSION_ERROR")) {
      socket.cut();
      socket = null;
    }
    // oxlint-enable no-await-in-loop
  }
  await socket?.close();
}

async function begin(caller: HttpCaller): Promise<Running> {
  const body = JSON.stringify({ seed: CANARY_SEED });
  const opened = await caller.call({
    method: "POST",
    path: "/reset",
    body,
    headers: { ...JSON_TYPE, "x-session-id": "new" },
  });
  const id = opened.headers["x-session-id"] as string;
  const described = await caller.call({ method: "GET", path: "/session", headers: { "x-session-id": id } });
  return { id, path: (JSON.parse(described.text) as { agent_path: string }).agent_path };
}

const rpc = (method: string, params: unknown): string => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

const rawOf = ({ status, headers, text }: HttpAnswer): string => `${status} ${JSON.stringify(headers)}\n${text}`;
