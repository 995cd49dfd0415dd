import { plantCanaries } from "../leaks/canary-tasks.ts";
import { crawlEpisodes } from "./crawl/episodes.ts";
import { crawlAgentPlane, crawlFrames, crawlRoutes } from "./crawl/routes.ts";
import { Scanner } from "./crawl/scanner.ts";
import type { Published } from "./fuzz/replies.ts";
import { report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { http } from "./transports/http.ts";
import { inProcess } from "./transports/in-process.ts";
import { mcp } from "./transports/mcp.ts";
import { ws } from "./transports/ws.ts";

/**
 * A server whose every hidden field is a canary, logging all it can: no canary in any reply, on any route, in any state,
 * over any transport, on any input, nor in its log; as it is, turned round, in base64, hex, URL-encoded, in any case.
 * Usage: crawl.ts [rounds over all tasks] [generated requests] [seed], 10 and 20,000 without.
 */
const { rounds, requests, seed } = readSizes("crawl", { rounds: 10, requests: 20_000 });
const REPLIES_PER_ROUND = 13_000;

const planted = plantCanaries();
const scanner = new Scanner(planted);
const server = await startServer({
  flags: { "log-level": "debug" },
  preload: [new URL("crawl/plant.ts", import.meta.url)],
});
const published = (await (await fetch(`${server.url}/schema`)).json()) as Published;
const isPlanted = (await (await fetch(`${server.url}/metadata`)).text()).includes(planted.suite.name);

const transports = [inProcess(planted.suite), ws(server.url), http(server.url), mcp(server.url)];
for (const transport of transports) {
  await crawlEpisodes(transport, planted.suite, scanner, rounds); // oxlint-disable-line no-await-in-loop
  transport.end();
}
await crawlRoutes(server.url, published, requests, seed, scanner);
await crawlFrames(server.url, published, requests, seed, scanner);
await crawlAgentPlane(server.url, scanner);
const isAlive = server.ended === null;
await server.stop();
const { replies, states } = scanner;
scanner.agent(server.log, "log");

report({
  bar: "crawl",
  seed,
  facts: { rounds, requests, secrets: planted.control.length + planted.hidden.length, ...Object.fromEntries(states) },
  zero: { hits: scanner.hits, exits: isAlive ? 0 : 1, unplanted: isPlanted ? 0 : 1 },
  atLeast: {
    replies: [replies, REPLIES_PER_ROUND * rounds + requests],
    verdicts: [scanner.verdicts, 3 * planted.suite.tasks.length * rounds],
  },
});
