import type { Reply } from "../server/fixtures.ts";
import { openSocket, reset } from "../server/fixtures.ts";

/** Posts a body as it is, or a value as JSON, as a stock client of OpenEnv does. */
export async function post(
  address: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json", accept: "*/*" },
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string; readonly reply: Reply }> {
  const response = await fetch(address, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, reply: JSON.parse(text) };
}

let lastId = 0;

/** A request of the dialect, under an id of its own. */
export const request = (method: string, params?: object): object => {
  lastId += 1;
  return { jsonrpc: "2.0", id: lastId, method, ...(params === undefined ? {} : { params }) };
};

/** Sends a request of the dialect to `/mcp` below a base address; what comes back under its result or error. */
export async function ask(base: string, method: string, params?: object): Promise<Reply> {
  const { reply } = await post(`${base}/mcp`, request(method, params));
  return reply.result ?? reply.error;
}

/** A tool call. */
export const call = (name: string, given: object = {}, more: object = {}): [string, object] => [
  "tools/call",
  { name, arguments: given, ...more },
];

/** What holds an episode, and the agent's way to it. */
export interface OpenEpisode {
  /** Control plane. */
  readonly control: Awaited<ReturnType<typeof openSocket>>;
  /** Agent plane: `http://…/e/<handle>`. */
  readonly address: string;
  /** Steps so far, as the control plane sees them. */
  readonly steps: () => Promise<number>;
  /** Begins another episode, and returns its address. */
  readonly reset: (options?: object) => Promise<string>;
}

/** Begins an episode on `/ws` and asks for the agent's address. */
export async function openEpisode(
  url: string,
  options: object = { seed: 7, task_id: "inc-117" },
): Promise<OpenEpisode> {
  const control = await openSocket(url);
  const begin = async (given: object = options): Promise<string> => {
    await control.ask(reset(given));
    return url + (await control.ask({ type: "session" })).data.agent_path;
  };
  return {
    control,
    address: await begin(),
    steps: async () => (await control.ask({ type: "state" })).data.step_count,
    reset: begin,
  };
}
