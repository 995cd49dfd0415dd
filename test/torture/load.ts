import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Clients, harm, latencyMs } from "./kit/clients.ts";
import { atLeast, atMost, report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { readSizes } from "./kit/sizes.ts";
import { storedEpisodes } from "./kit/stored.ts";

/**
 * Many sessions at once for a while: nothing lost, nothing crossed, no error, and every finished
 * episode stored. Each client compares every reply byte for
 * byte with a twin in its own process.
 * Usage: load.ts [sessions] [seconds] [think time in ms] [seed], 1,000, 600 and 100 without.
 */
const { sessions, seconds, think_ms, seed } = readSizes("load", { sessions: 1000, seconds: 600, think_ms: 100 });
/** What a client that thinks for so long would ask at most, were the answers there at once; and what we want of it. */
const wantedPerS = 0.4 * sessions * (1000 / think_ms);

const db = join(scratchFolder(), "results.db");
const server = await startServer({ flags: { "max-sessions": sessions, db } });
const clients = await Clients.start({ url: server.url, count: sessions, seed, thinkMs: think_ms });
const before = clients.take();
await wait(seconds * 1000);
const met = clients.take();
await clients.finish();
const after = clients.take();
await clients.close();
const { code } = await server.stop();

const finished = before.episodes + met.episodes + after.episodes;
const counts = [before, met, after].map(harm);
const total = (name: keyof ReturnType<typeof harm>): number => counts.reduce((sum, one) => sum + one[name], 0);
report({
  bar: "load",
  seed,
  facts: { sessions, seconds, replies: met.replies, p50_ms: latencyMs(met, 50), max_ms: met.latency.max / 1000 },
  zero: { lost: total("lost"), crossed: total("crossed"), wrong: total("wrong"), failed: total("failed") },
  exactly: { exit_code: [code ?? -1, 0], stored: [await storedEpisodes(db), finished] },
  atLeast: { episodes: [met.episodes, sessions * Math.floor(seconds / 10)] },
  aims: { p99_ms: atMost(latencyMs(met, 99), 250), steps_per_s: atLeast(met.replies / met.seconds, wantedPerS) },
});
