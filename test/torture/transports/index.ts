import { coreSuite } from "../../../tasks/index.ts";
import { http } from "./http.ts";
import { inProcess } from "./in-process.ts";
import { mcp } from "./mcp.ts";
import type { Transport, TransportName } from "./transport.ts";
import { ws } from "./ws.ts";

/** Every way into a server, and the one that needs none. */
export const transportsOf = (url: string): Readonly<Record<TransportName, Transport>> => ({
  "in-process": inProcess(coreSuite),
  ws: ws(url),
  http: http(url),
  mcp: mcp(url),
});
