import type { FastifyBaseLogger } from "fastify";
import { answerFrame } from "../../mcp/answer.ts";
import { failure } from "../../mcp/json-rpc.ts";
import { begin, connectionAccess, full } from "../../mcp/session-access.ts";
import type { ServerContext } from "../context.ts";
import { mcpContext } from "../mcp-context.ts";
import type { Protocol } from "./protocol.ts";

/** Raw JSON-RPC of OpenEnv's dialect. It has no word for a reset, so a connection begins an episode at once. */
export function mcpProtocol(context: ServerContext, log: FastifyBaseLogger): Protocol {
  const mcp = mcpContext(context, log);
  return {
    begin(live) {
      try {
        begin(live, mcp.defaults);
      } catch (error) {
        live.abandon();
        mcp.report(error); // every call is now refused as one before a reset
      }
    },
    answer(received, live) {
      const { text, close } = answerFrame(received, connectionAccess(mcp, live), mcp);
      return { text, afterwards: close ? "error" : "open" };
    },
    full: (load) => JSON.stringify(failure(null, full(load))),
  };
}
