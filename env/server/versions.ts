import { createRequire } from "node:module";
import type { FastifyInstance } from "fastify";

/** The least versions that are safe to serve with: older ones can be made to use up memory, or skip their hooks. */
const FLOORS = { fastify: "5.8.5", ws: "8.21.1" };

/**
 * Refuses to serve on a library that is too old, whatever a lock file says.
 * @throws Error naming the library, its version and the least one
 */
export function assertVersions({ version }: Pick<FastifyInstance, "version">, ws: string = versionOfWs()): void {
  for (const [name, found] of [
    ["fastify", version],
    ["ws", ws],
  ] as const) {
    if (!isAtLeast(found, FLOORS[name])) throw new Error(`Expected ${name} ${FLOORS[name]} or newer, got ${found}.`);
  }
}

/** The one that the WebSocket plugin uses, which need not be the newest that is installed. */
function versionOfWs(): string {
  const plugin = createRequire(import.meta.url).resolve("@fastify/websocket");
  return (createRequire(plugin)("ws/package.json") as { version: string }).version;
}

/** Compares `1.2.3` by its numbers; what follows a dash is ignored. */
function isAtLeast(version: string, floor: string): boolean {
  const [found, least] = [version, floor].map((text) => text.split("-", 1).join().split(".").map(Number));
  for (const [i, part] of (least ?? []).entries()) {
    const difference = (found?.[i] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
