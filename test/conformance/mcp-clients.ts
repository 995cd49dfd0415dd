import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { ClientOptions, Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as FirstStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as FirstHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as FirstTransport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { onTestFinished } from "vitest";

/** What a tool gave a client. */
export interface Called {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly isError: boolean;
}

/** A connected client of an official SDK; closed when the test ends. */
export interface McpClient {
  readonly instructions: string | undefined;
  readonly revision: string | undefined;
  list(): Promise<
    readonly { readonly name: string; readonly inputSchema: object; readonly annotations?: object | undefined }[]
  >;
  call(name: string, given?: Record<string, unknown>): Promise<Called>;
}

/** Connects to the address of an episode; rejects when the handshake fails. */
export type Connect = (address: string) => Promise<McpClient>;

const INFO = { name: "conformance", version: "1.0.0" };

/** The program that bridges stdio to an episode. */
const bridgeTo = (address: string) => ({
  command: process.execPath,
  args: ["--import", "tsx", join(import.meta.dirname, "../../eval/cli/main.ts"), "mcp", "--connect", address],
  stderr: "pipe" as const,
});

const http = (address: string) => new URL(`${address}/mcp`);

/** Every SDK and revision, over HTTP and over stdio. */
export const clients: Readonly<Record<string, Connect>> = {
  "SDK 2, revision 2026-07-28, HTTP": (address) =>
    connectClient(new StreamableHTTPClientTransport(http(address)), { mode: { pin: "2026-07-28" } }),
  "SDK 2, negotiating, HTTP": (address) =>
    connectClient(new StreamableHTTPClientTransport(http(address)), { mode: "auto" }),
  "SDK 2, revisions of 2025, HTTP": (address) =>
    connectClient(new StreamableHTTPClientTransport(http(address)), { mode: "legacy" }),
  "SDK 1, HTTP": (address) => first(new FirstHttp(http(address))),
  "SDK 2, revision 2026-07-28, stdio": (address) =>
    connectClient(new StdioClientTransport(bridgeTo(address)), { mode: { pin: "2026-07-28" } }),
  "SDK 2, revisions of 2025, stdio": (address) =>
    connectClient(new StdioClientTransport(bridgeTo(address)), { mode: "legacy" }),
  "SDK 1, stdio": (address) => first(new FirstStdio(bridgeTo(address))),
};

/** Connects a client of the second SDK. */
export async function connectClient(
  transport: Transport,
  versionNegotiation: NonNullable<ClientOptions["versionNegotiation"]>,
): Promise<McpClient> {
  const client = new Client(INFO, { versionNegotiation });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return {
    instructions: client.getInstructions(),
    revision: client.getNegotiatedProtocolVersion(),
    list: async () => (await client.listTools()).tools,
    call: async (name, given) =>
      called(await client.callTool({ name, ...(given === undefined ? {} : { arguments: given }) })),
  };
}

async function first(transport: FirstTransport): Promise<McpClient> {
  const client = new FirstClient(INFO);
  onTestFinished(() => client.close());
  await client.connect(transport);
  return {
    instructions: client.getInstructions(),
    revision: undefined,
    list: async () => (await client.listTools()).tools,
    call: async (name, given) => called(await client.callTool({ name, arguments: given })),
  };
}

function called(result: object): Called {
  const { content, structuredContent, isError } = result as {
    readonly content: readonly { readonly type: string; readonly text: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
    readonly isError?: boolean;
  };
  if (content.length !== 1 || content[0]?.type !== "text") throw new Error("Expected one text.");
  return { text: content[0].text, data: structuredContent, isError: isError === true };
}
