import { ProtocolError, Server } from "@modelcontextprotocol/server";
import { ENV_VERSION } from "../core/version.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { RPC_CODES, RpcError } from "./json-rpc.ts";
import type { ToolResult } from "./tool-result.ts";
import { isTool, tools, unknownTool } from "./tools.ts";

/** A tool call as a client of the protocol made it. */
export interface ReceivedCall {
  /** One of the tools. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The call's `_meta`. */
  readonly meta: unknown;
}

/**
 * A server of the Model Context Protocol with our tools. The low-level one on purpose: the catalogue's schemas are
 * published as they are, and arguments that do not fit them reach the environment and count as an invalid action.
 * @param call carries out a call; rejects with RpcError and nothing else, because every message is shown
 */
export function toolServer(call: (received: ReceivedCall) => Promise<ToolResult>): Server {
  const server = new Server(
    { name: "oncall-gym", version: ENV_VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler("tools/list", () => ({ tools: [...tools] }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq: { _meta: meta } }) => {
    const { name, arguments: given = {} } = params;
    try {
      if (!isTool(name)) throw new RpcError("invalidParams", unknownTool(name));
      const { content, ...rest } = await call({ name, arguments: given, meta });
      return { content: [...content], ...rest };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      throw new ProtocolError(RPC_CODES[error.code], error.message, error.data ?? undefined);
    }
  });
  return server;
}
