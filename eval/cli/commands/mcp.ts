import { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { note } from "../output.ts";

/** Tools on stdio: `main.ts` hands it over, because no other layer may reach the server's. */
export type OpenBridge = (
  address: string,
  options: { readonly token: string | undefined; readonly onError: (error: Error) => void },
) => Promise<{ readonly ok: true; readonly serve: () => void } | { readonly ok: false; readonly reason: string }>;

/**
 * `oncall mcp`: tools on stdio, for agents that start a program. Stdout carries the protocol alone. Neither task nor seed
 * can be given here: who starts it is the agent under test.
 */
export function mcpCommand(openBridge: OpenBridge): Command {
  return new Command("mcp")
    .summary("the tools of one incident as an MCP server on stdio")
    .description(
      "Speaks the Model Context Protocol on stdin and stdout, and passes every call on to an episode of a server. " +
        "Whoever opened the episode knows its address as agent_path. Where the server wants a token, " +
        "ONCALL_AGENT_TOKEN holds the agent's.",
    )
    .option("--connect <address>", "the episode: http://host:port/e/<handle>")
    .action(async ({ connect }: { readonly connect?: string }) => {
      if (connect === undefined) {
        throw new UsageError("Expected --connect <address>: the episode to work on.", "oncall mcp --help");
      }
      const bridge = await openBridge(connect, {
        token: process.env.ONCALL_AGENT_TOKEN,
        onError: (error) => note(`mcp: ${error.message}`),
      });
      if (!bridge.ok) throw new UsageError(bridge.reason);
      bridge.serve();
    });
}
