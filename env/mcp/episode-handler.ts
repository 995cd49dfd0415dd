import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { EnvError } from "../core/errors.ts";
import type { Sessions } from "../session/sessions.ts";
import { refusal } from "./answer.ts";
import type { AnswerContext } from "./answer.ts";
import { RpcError } from "./json-rpc.ts";
import { requestKeys } from "./request-keys.ts";
import { toolServer } from "./server.ts";
import type { ReceivedCall } from "./server.ts";
import { callTool } from "./tool-call.ts";
import type { ToolResult } from "./tool-result.ts";

/** What is said of an address that leads to no episode, or no longer. */
export const GONE = "No incident is open at this address. After a reset it has a new one; ask whoever opened it.";

/** Serves requests of the Model Context Protocol under `/e/<handle>/mcp`. */
export interface EpisodeHandler {
  /** Answers a request whose body was read; its address says which episode is meant. */
  handle(request: IncomingMessage, response: ServerResponse, body: object): Promise<void>;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/**
 * Streamable HTTP for clients of the Model Context Protocol, of the revision without a handshake and of the older ones.
 * Stateless: no session ids are given out, and each request is served by a server of its own.
 */
export function episodeHandler(sessions: Sessions, { report }: Pick<AnswerContext, "report">): EpisodeHandler {
  const call = async (handle: string, { name, arguments: given, meta }: ReceivedCall): Promise<ToolResult> => {
    const live = sessions.findByHandle(handle);
    if (live === null) throw new RpcError("invalidParams", GONE);
    try {
      return callTool(live, { name, arguments: given, keys: requestKeys(meta) }, () => sessions.temporary());
    } catch (error) {
      if (error instanceof RpcError) throw error;
      throw refusal(error instanceof EnvError ? error : report(error));
    }
  };
  const factory = ({ requestInfo }: { readonly requestInfo?: Request }) => {
    const handle = handleOf(requestInfo?.url ?? "");
    return toolServer((received) => call(handle, received));
  };
  // Nothing is ever announced here, so there is nothing to subscribe to; a stream would only hold a connection.
  const handler = createMcpHandler(factory, { maxSubscriptions: 0 });
  const node = toNodeHandler(handler, { onerror: report });
  const handle = (request: IncomingMessage, response: ServerResponse, body: object) =>
    node(withoutHost(request), response, body);
  return { handle, close: () => handler.close() };
}

/** A request as it is handed on: its body was read, and its host, checked by the server, need not make a valid URL. */
const withoutHost = ({ method = "POST", url = "/", headers }: IncomingMessage) => ({
  method,
  url,
  headers: { ...headers, host: "localhost" },
  [Symbol.asyncIterator]: () => Readable.from([])[Symbol.asyncIterator](),
});

/** Of `http://host/e/<handle>/mcp`, with or without a query. */
const handleOf = (url: string): string => decodeURIComponent(/\/e\/([^/]+)\/mcp(?:\?|$)/.exec(url)?.[1] ?? "");
