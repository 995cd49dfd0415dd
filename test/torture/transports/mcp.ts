import type { RequestKeys } from "../../../env/session/requests.ts";
import { HttpCaller } from "./http-call.ts";
import type { Descriptor, Door, Reply, Transport } from "./transport.ts";

/**
 * `POST /mcp` in OpenEnv's dialect. A session begins with an episode and ends with it: a reset opens another one. The
 * agent plane: no state, no rewards.
 */
export function mcp(url: string): Transport {
  const caller = new HttpCaller(url);
  return {
    name: "mcp",
    hasControl: false,
    isConnected: false,
    open: async () => new McpDoor(caller),
    resume: async () => null,
    end: () => caller.end(),
  };
}

/** A response of JSON-RPC, as far as it is looked into. */
interface RpcResponse {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly data: Readonly<Record<string, unknown>> | null };
}

const NO_SESSION = "none";
const CLOSED = "The incident is closed.";

class McpDoor implements Door {
  readonly #caller: HttpCaller;
  #id: string | null = null;

  constructor(caller: HttpCaller) {
    this.#caller = caller;
  }

  async reset(options: object): Promise<Reply> {
    await this.close();
    const reply = await this.#ask("openenv/session/create", options);
    if (reply.refused === null) this.#id = String(reply.data?.session_id);
    return { ...reply, data: {} };
  }

  async step(action: unknown, keys: RequestKeys = {}): Promise<Reply> {
    const { type: name, ...given } = Object(action) as Record<string, unknown>;
    const reply = await this.#ask("tools/call", {
      name,
      arguments: given,
      session_id: this.#id ?? NO_SESSION,
      _meta: { "oncall-gym/request_id": keys.requestId, "oncall-gym/expected_step": keys.expectedStep },
    });
    if (reply.refused !== null) return reply;
    const { content, structuredContent } = reply.data as unknown as {
      content: readonly { readonly text: string }[];
      structuredContent: object | null;
    };
    const text = content[0]?.text;
    if (text === CLOSED && structuredContent === null) return { ...reply, refused: "EPISODE_DONE", data: null };
    return { ...reply, data: { observation: { ...structuredContent, text } } };
  }

  async state(): Promise<Reply> {
    return { raw: "", refused: "NOT_SERVED", data: null };
  }

  describe(): Promise<Descriptor> {
    return Promise.reject(new Error("Nothing is resumed over this transport."));
  }

  async drop(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#id === null) return;
    await this.#ask("openenv/session/close", { session_id: this.#id });
    this.#id = null;
  }

  async #ask(method: string, params: object): Promise<Reply> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const { status, text } = await this.#caller.call({ method: "POST", path: "/mcp", headers, body });
    const { result, error } = JSON.parse(text) as RpcResponse;
    const raw = `${status}\n${text}`;
    if (error === undefined) return { raw, refused: null, data: result ?? {} };
    return { raw, refused: (error.data?.reason as string | undefined) ?? `${error.code}`, data: null };
  }
}
