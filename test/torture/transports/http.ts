import type { RequestKeys } from "../../../env/session/requests.ts";
import { HttpCaller } from "./http-call.ts";
import type { HttpAnswer } from "./http-call.ts";
import { onWire } from "./transport.ts";
import type { Descriptor, Door, Reply, Transport } from "./transport.ts";

/** `/reset`, `/step`, `/state` with a session's id. A session begins with its first reset. */
export function http(url: string): Transport {
  const caller = new HttpCaller(url);
  return {
    name: "http",
    hasControl: true,
    isConnected: false,
    open: async () => new HttpDoor(caller),
    resume: async () => null,
    end: () => caller.end(),
  };
}

/** Names no session: ids are 22 characters and more. */
const NO_SESSION = "none";

class HttpDoor implements Door {
  readonly #caller: HttpCaller;
  #id: string | null = null;

  constructor(caller: HttpCaller) {
    this.#caller = caller;
  }

  async reset(options: object, keys: RequestKeys = {}): Promise<Reply> {
    const answer = await this.#call("POST", "/reset", { ...options, ...onWire(keys) }, this.#id ?? "new");
    const id = answer.headers["x-session-id"];
    if (typeof id === "string") this.#id = id;
    return readAnswer(answer);
  }

  async step(action: unknown, keys: RequestKeys = {}): Promise<Reply> {
    return readAnswer(await this.#call("POST", "/step", { action: action ?? null, ...onWire(keys) }));
  }

  async state(): Promise<Reply> {
    return readAnswer(await this.#call("GET", "/state"));
  }

  async describe(): Promise<Descriptor> {
    return JSON.parse((await this.#call("GET", "/session")).text) as Descriptor;
  }

  async drop(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#id !== null) await this.#call("DELETE", "/session");
  }

  #call(method: string, path: string, body?: object, id: string = this.#id ?? NO_SESSION): Promise<HttpAnswer> {
    const headers = { "x-session-id": id, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    return this.#caller.call({ method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}

/** Reads the answer of a call that plays. */
export function readAnswer({ status, headers, text }: HttpAnswer): Reply {
  const { date: _date, ...stable } = headers;
  const raw = `${status} ${JSON.stringify(stable)}\n${text}`;
  const data = JSON.parse(text === "" ? "{}" : text) as Record<string, unknown>;
  if (status < 400) return { raw, refused: null, data };
  const [issue] = Array.isArray(data.detail) ? (data.detail as readonly { readonly type: string }[]) : [];
  return { raw, refused: issue?.type.toUpperCase() ?? (data.code as string), data: null };
}
