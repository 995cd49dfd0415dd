import { CLOSE_CODES } from "../../../env/server/socket/close-codes.ts";
import { FrameSocket } from "../transports/frame-socket.ts";
import { HttpCaller } from "../transports/http-call.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** What a full server says wrongly where it is asked for a session otherwise than over `/ws`; each as a sentence. */
export async function wrongWhenFull(url: string, slots: number): Promise<string[]> {
  const caller = new HttpCaller(url);
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string, got: unknown): void => {
    if (!holds) wrong.push(`${what}: ${JSON.stringify(got)}`);
  };

  const http = await caller.call({ method: "POST", path: "/reset", headers: { "x-session-id": "new" } });
  const isTold = http.status === 503 && http.headers["retry-after"] === "1" && http.text.includes('"CAPACITY_REACHED"');
  expect(isTold, "a session over HTTP", [http.status, http.text]);

  const create = '{"jsonrpc":"2.0","id":1,"method":"openenv/session/create"}';
  const rpc = await caller.call({ method: "POST", path: "/mcp", headers: JSON_TYPE, body: create });
  const { error } = JSON.parse(rpc.text) as { error?: { code: number; data: { active_sessions: number } } };
  expect(error?.code === -32_000 && error.data.active_sessions === slots, "a session over MCP", rpc.text);

  const vector = await FrameSocket.open(url, "/vector");
  const opened = await vector.ask('{"type":"vector_open","data":{"num_envs":1}}');
  expect(opened.includes('"CAPACITY_REACHED"'), "environments on /vector", opened);
  const code = await vector.closed;
  expect(code === CLOSE_CODES.full, "the end of /vector", code);

  const stateless = await caller.call({ method: "POST", path: "/reset" });
  expect(stateless.status === 200, "a call that needs no session", stateless.status);
  const health = await caller.call({ method: "GET", path: "/health" });
  expect(health.status === 200, "a health check", health.status);
  caller.end();
  return wrong;
}
