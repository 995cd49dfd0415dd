import fc from "fast-check";
import { HttpCaller } from "../transports/http-call.ts";
import type { HttpAnswer } from "../transports/http-call.ts";
import { mcp } from "../transports/mcp.ts";
import { notAnObject, notJson, tooDeep } from "./broken-json.ts";
import { fixedEpisode } from "./episode.ts";
import { replyChecks } from "./replies.ts";
import type { Published } from "./replies.ts";
import { mismatch, thirds } from "./request.ts";
import type { FuzzRequest, FuzzTarget, Kind } from "./request.ts";
import { rpcRequests } from "./rpc.ts";
import { outcomeOfRpc, saysItIsOver } from "./ws.ts";

/** A body, and whether it comes as a client of the Model Context Protocol itself sends it. */
interface Call {
  readonly body: string;
  readonly plane: "control" | "agent" | "agent, real MCP";
}

/** What a session is called until the present one is known. */
const SESSION = "<session>";
const REAL_MCP = { accept: "application/json, text/event-stream" };

/** `POST /mcp` and `POST /e/<handle>/mcp`: the dialect, and what the protocol's own clients send to the latter. */
export function fuzzMcp(url: string, published: Published): FuzzTarget {
  const checks = replyChecks(published);
  const transport = mcp(url);
  const caller = new HttpCaller(url);
  let session: { readonly id: string; readonly path: string } | null = null;

  const post = (path: string, body: string, headers = {}): Promise<HttpAnswer> =>
    caller.call({ method: "POST", path, body, headers: { "content-type": "application/json", ...headers } });

  /** One with an open episode. */
  async function present(): Promise<{ id: string; path: string }> {
    if (session !== null) return session;
    const opened = await caller.call({ method: "POST", path: "/reset", headers: { "x-session-id": "new" } });
    const id = opened.headers["x-session-id"] as string;
    const described = await caller.call({ method: "GET", path: "/session", headers: { "x-session-id": id } });
    session = { id, path: `${(JSON.parse(described.text) as { agent_path: string }).agent_path}/mcp` };
    return session;
  }

  async function forget(): Promise<void> {
    if (session === null) return;
    await caller.call({ method: "DELETE", path: "/session", headers: { "x-session-id": session.id } });
    session = null;
  }

  return {
    requests: thirds(calls(published)),
    async judge({ kind, wire: { body, plane } }: FuzzRequest<Call>) {
      const { id, path } = await present();
      const text = body.replaceAll(SESSION, id);
      if (plane === "agent, real MCP") {
        const { status } = await post(path, text, REAL_MCP);
        return status < 500 ? null : `status ${status}`;
      }
      const answer = await post(plane === "agent" ? path : "/mcp", text);
      if (answer.status !== 200) return `status ${answer.status}`;
      if (saysItIsOver(answer.text)) await forget();
      const reply = JSON.parse(answer.text) as object;
      if (plane === "agent") return checks.rpc(reply); // sessions are not named there
      return checks.rpc(reply) ?? mismatch(kind, outcomeOfRpc(reply));
    },
    episode: () => fixedEpisode(transport),
    async end() {
      await forget();
      caller.end();
      transport.end();
    },
  };
}

function calls(published: Published): Readonly<Record<Kind, fc.Arbitrary<Call>>> {
  const requests = rpcRequests(published.action, { session_id: SESSION });
  const plane = fc.constantFrom("control" as const, "control" as const, "agent" as const, "agent, real MCP" as const);
  const asCall = (bodies: fc.Arbitrary<string>): fc.Arbitrary<Call> => fc.record({ body: bodies, plane });
  const texts = (kind: Kind): fc.Arbitrary<string> => requests[kind].map((request) => JSON.stringify(request));
  return {
    valid: asCall(texts("valid")),
    near: asCall(texts("near")),
    negative: asCall(
      fc.oneof(
        { weight: 10, arbitrary: texts("negative") },
        notJson,
        notAnObject,
        tooDeep.map((params) => `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":${params}}}`),
      ),
    ),
  };
}
