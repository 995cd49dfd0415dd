import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request comes from a client of the Model Context Protocol itself. Its specification demands an `Accept` that
 * takes event streams; clients of OpenEnv's dialect, which share the path, send none of these headers.
 */
export const speaksMcp = ({ accept = "", ...headers }: IncomingHttpHeaders): boolean =>
  accept.toLowerCase().includes("text/event-stream") ||
  headers["mcp-protocol-version"] !== undefined ||
  headers["mcp-session-id"] !== undefined;
