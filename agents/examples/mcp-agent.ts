import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/**
 * An outside agent that speaks the Model Context Protocol: the eight actions are tools, and `get_briefing` repeats the
 * page. The harness starts it once per episode and says in ONCALL_MCP_URL where the incident is:
 *
 *     {"commands": {"looker": {"argv": ["npx", "tsx", "{config_dir}/mcp-agent.ts"], "version": "1"}}}
 *
 * Replace `nextCall` with your own, a language model's for instance.
 */
const SERVICES = ["load_balancer", "web_server", "cache", "database", "message_queue"];

interface Call {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** Looks at every service once, then closes as a false alarm. */
function nextCall(step: number): Call {
  const service = SERVICES[step];
  return service === undefined
    ? { name: "resolve_incident", arguments: { service: "none", fault: "no_fault" } }
    : { name: "inspect_metrics", arguments: { service } };
}

const client = new Client({ name: "example", version: "1.0.0" });
await client.connect(new StreamableHTTPClientTransport(new URL(process.env.ONCALL_MCP_URL ?? "")));
const page = await client.callTool({ name: "get_briefing", arguments: {} });
console.log(textOf(page));
for (let step = 0; step <= SERVICES.length; step += 1) {
  const result = await client.callTool(nextCall(step));
  console.log(textOf(result).split("\n")[0]);
}
await client.close();

function textOf({ content }: Awaited<ReturnType<typeof client.callTool>>): string {
  const [first] = content;
  return first?.type === "text" ? first.text : "";
}
