import { randomUUID } from "node:crypto";
import type { Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { RpcError } from "./json-rpc.ts";
import { toolServer } from "./server.ts";
import type { ReceivedCall } from "./server.ts";
import type { ToolResult } from "./tool-result.ts";

/** How long the episode's server may take to answer, in milliseconds; a call takes it far less. */
const REPLY_MS = 30_000;

const REQUEST_ID = "oncall-gym/request_id";

export interface BridgeOptions {
  /** The agent's token, where the server wants one. */
  readonly token?: string | undefined;
  /** Told of what goes wrong beside the protocol. */
  readonly onError?: (error: Error) => void;
}

/** A bridge that has found its episode, or why it has not. */
export type Bridge =
  | {
      readonly ok: true;
      /** Speaks the protocol on stdin and stdout until stdin ends, or on another transport. */
      readonly serve: (transport?: Transport) => void;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * For agents whose tools must be a program: the tools of one episode on stdio, passed on over HTTP. It holds nothing of
 * its own, so it knows no more of the incident than the agent does.
 * @param address of the episode: `http://host:port/e/<handle>`, with or without `/mcp`
 */
export async function openBridge(address: string, { token, onError }: BridgeOptions = {}): Promise<Bridge> {
  const base = episodeAddress(address);
  if (base === null) {
    return { ok: false, reason: `Expected the address of an episode, http://host:port/e/<handle>; got ${address}.` };
  }
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const problem = await problemAt(base, authorization);
  if (problem !== null) return { ok: false, reason: problem };
  const calls = new EpisodeCalls(`${base}/mcp`, authorization);
  const serve = (transport?: Transport) => {
    serveStdio(() => toolServer((received) => calls.make(received)), {
      ...(onError === undefined ? {} : { onerror: onError }),
      ...(transport === undefined ? {} : { transport }),
    });
  };
  return { ok: true, serve };
}

/** The address without what may follow the handle; null where it leads to no episode. */
function episodeAddress(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const path = /^(.*\/e\/[^/]+)(?:\/mcp)?\/?$/.exec(url.pathname)?.[1];
  return path === undefined ? null : `${url.origin}${path}`;
}

/** Why an episode cannot be reached, as a sentence; null when it can. */
async function problemAt(base: string, headers: Readonly<Record<string, string>>): Promise<string | null> {
  try {
    const response = await fetch(`${base}/health`, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(REPLY_MS),
    });
    if (response.ok) return null;
    const { detail } = (await response.json()) as { detail?: unknown };
    return typeof detail === "string" ? detail : `The server answered with ${response.status}.`;
  } catch (error) {
    return `Could not reach ${base}: ${reasonOf(error)}.`;
  }
}

/** Calls on one episode, one at a time and in order: each moves the simulated clock. */
class EpisodeCalls {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#headers = headers;
  }

  make(received: ReceivedCall): Promise<ToolResult> {
    const result = this.#last.then(() => this.#call(received));
    this.#last = result.catch(() => {});
    return result;
  }

  async #call({ name, arguments: given, meta }: ReceivedCall): Promise<ToolResult> {
    // Under an id, a call whose reply was lost can be sent again and is not carried out twice.
    const named = { [REQUEST_ID]: randomUUID(), ...(meta as object | undefined) };
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: given, _meta: named },
    });
    return resultIn(
      await this.#post(body)
        .catch(() => this.#post(body))
        .catch(unreachable),
    );
  }

  async #post(body: string): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { ...this.#headers, accept: "application/json", "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(REPLY_MS),
    });
    return response.json();
  }
}

function unreachable(error: unknown): never {
  throw new RpcError("internalError", `The episode's server did not answer: ${reasonOf(error)}.`);
}

const Reply = z.union([
  z.object({
    result: z.object({
      content: z.tuple([z.object({ type: z.literal("text"), text: z.string() })]),
      structuredContent: z.record(z.string(), z.unknown()).nullable(),
      isError: z.boolean(),
    }),
  }),
  z.object({ error: z.object({ message: z.string(), data: z.record(z.string(), z.unknown()).nullable() }) }),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ error: { message: detail, data: null } })),
]);

/** What a reply of the dialect says, without the keys that are OpenEnv's own. */
function resultIn(reply: unknown): ToolResult {
  const read = Reply.safeParse(reply);
  if (!read.success) throw new RpcError("internalError", "The episode's server sent what is no reply.");
  if ("error" in read.data) throw new RpcError("internalError", read.data.error.message, read.data.error.data);
  const { content, structuredContent, isError } = read.data.result;
  return { content, ...(structuredContent === null ? {} : { structuredContent }), isError };
}

/** The system's reason stands in the cause of what `fetch` throws. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message: string; readonly cause?: { readonly message?: string } };
  return cause?.message || message; // an empty message says nothing
}
