import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { addTally, Clients, emptyTally, harm } from "./kit/clients.ts";
import { Peer } from "./kit/peer.ts";
import { report } from "./kit/report.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { storedEpisodes } from "./kit/stored.ts";
import { FrameSocket } from "./transports/frame-socket.ts";

/**
 * A server that is told to end while clients play and others are frozen: it lets nobody in any more, closes the live
 * ones in good order, ends by itself within ten seconds with code 0, and has stored every episode that was finished.
 * Usage: drain.ts [times] [live clients] [frozen clients] [seed], 50, 200 and 50 without.
 */
const { times, live, frozen, seed } = readSizes("drain", { times: 50, live: 200, frozen: 50 });
const THINK_MS = 20;
const PLAYED_MS = 1500;
/** Ten seconds by the server's own clock, and what starting to end takes on a busy machine. */
const MOST_MS = 10_000;
const SLACK_MS = 2000;

const folder = scratchFolder();
const met = emptyTally();
const found = { lost_results: 0, doubled: 0, exits: 0, let_in: 0, late: 0 };
let longestMs = 0;
for (let time = 0; time < times; time += 1) {
  // oxlint-disable no-await-in-loop
  const db = join(folder, `${time}.db`);
  const server = await startServer({ flags: { "max-sessions": live + frozen, db } });
  const clients = await Clients.start({ url: server.url, count: live, seed: seed + time, thinkMs: THINK_MS });
  const asleep = await Peer.start(new URL("peers/half-open.ts", import.meta.url), server.url, frozen);
  asleep.signal("SIGSTOP");
  await wait(PLAYED_MS);

  const began = performance.now();
  server.signal("SIGTERM");
  while (clients.drained === 0 && server.ended === null) await wait(5);
  const late = await FrameSocket.open(server.url).catch(() => null);
  if (late !== null) found.let_in += 1;
  late?.cut();
  const { code } = await server.exit;
  const tookMs = performance.now() - began;
  longestMs = Math.max(longestMs, tookMs);
  if (tookMs > MOST_MS + SLACK_MS) found.late += 1;
  if (code !== 0) found.exits += 1;
  await clients.close();
  asleep.signal("SIGCONT");
  await asleep.stop();

  const tally = clients.take();
  const stored = await storedEpisodes(db);
  found.lost_results += Math.max(0, tally.episodes - stored);
  // The verdict may have been under way when the connection was closed.
  if (stored - tally.episodes > live) found.doubled += 1;
  addTally(met, tally);
  // oxlint-enable no-await-in-loop
}
report({
  bar: "drain",
  seed,
  facts: { times, live, frozen, longest_ms: Math.round(longestMs), replies: met.replies, episodes: met.episodes },
  zero: { ...found, ...harm(met) },
  exactly: { drained: [met.drained, times * live] },
  atLeast: { episodes: [met.episodes, times] },
});
