import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { coreSuite } from "../../tasks/index.ts";
import { readConfig } from "../server/config.ts";
import { serve } from "../server/server.ts";

/**
 * The server side of the benchmarks of many sessions, in a process of its own. The first argument is `ours`, or the
 * length of the fixed reply of a bare WebSocket server. Tells its parent the address, and on any message its memory.
 */
const kind = process.argv[2] ?? "ours";
process.send?.(kind === "ours" ? await serveOurs() : await serveFixed(Number(kind)));
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().rss);
});

async function serveOurs(): Promise<string> {
  const { url } = await serve({ suite: coreSuite, config: readConfig({ flags: { port: 0 } }) });
  return `${url.replace("http", "ws")}/ws`;
}

/** With a little of its own on each connection, as a toy environment has. */
async function serveFixed(length: number): Promise<string> {
  const reply = "x".repeat(length);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    const toy = { steps: 0, observation: new Float32Array(128) };
    socket.on("message", () => {
      toy.steps += 1;
      toy.observation[toy.steps % 128] = toy.steps;
      socket.send(reply);
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
