import { rngFor, wholeNumber } from "../../env/core/rng.ts";
import { CuttingProxy } from "./kit/cutting-proxy.ts";
import { inParallel } from "./kit/parallel.ts";
import { report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { playThroughCuts } from "./retries/cut-sockets.ts";
import type { CutEpisode } from "./retries/cut-sockets.ts";
import { crashAndResume } from "./retries/crash.ts";
import { lossySteps } from "./retries/lossy.ts";
import { parallelSteps } from "./retries/parallel-steps.ts";
import { transportsOf } from "./transports/index.ts";

/**
 * Steps at the same time, steps over a network that loses and repeats, sockets that are cut at any byte, and a durable
 * server that is killed: every step is carried out once, and every episode goes on as where nothing goes wrong.
 * Usage: retries.ts [rounds of parallel steps] [lossy steps] [cut episodes] [sessions of the killed server] [seed],
 * 1,000, 10,000, 2,000 and 200 without.
 */
const sizes = readSizes("retries", { rounds: 1000, steps: 10_000, episodes: 2000, sessions: 200 });
const { rounds, steps, episodes, sessions, seed } = sizes;
const EPISODES_AT_ONCE = 20;
/** Twice the longest reply, so that each gets through in the end. */
const MOST_BYTES = 40_000;
/** Used tokens that are tried again. */
const TRIED_AGAIN = 500;

const server = await startServer();
const wrong: Record<string, number> = {};
const transports = transportsOf(server.url);
const all = Object.entries(transports);
for (const [name, transport] of all) {
  // oxlint-disable no-await-in-loop
  wrong[`parallel_${name}`] = await parallelSteps(transport, Math.ceil(rounds / all.length), seed);
  wrong[`lossy_${name}`] = await lossySteps(transport, Math.ceil(steps / all.length), seed);
  // oxlint-enable no-await-in-loop
}

let connections = 0;
const proxy = await CuttingProxy.start(server.url, () => {
  connections += 1;
  return wholeNumber(rngFor(seed, "cut after", connections), 1, MOST_BYTES);
});
const played: CutEpisode[] = [];
let unfinished = 0;
await inParallel(EPISODES_AT_ONCE, episodes, async (number) => {
  try {
    played.push(await playThroughCuts(proxy.url, seed, number));
  } catch (error) {
    process.stderr.write(`episode ${number}: ${(error as Error).message}\n`);
    unfinished += 1;
  }
});
proxy.close();

const used = played.flatMap(({ sessionId, usedTokens }) => usedTokens.map((token) => ({ sessionId, token })));
let accepted = 0;
await inParallel(EPISODES_AT_ONCE, Math.min(TRIED_AGAIN, used.length), async (i) => {
  const { sessionId, token } = used[i] as (typeof used)[number];
  const resumed = await transports.ws.resume(sessionId, token);
  if (resumed !== null) accepted += 1;
});
for (const [, transport] of all) transport.end();
const { code } = await server.stop();
const crash = await crashAndResume(sessions, seed);
report({
  bar: "retries",
  seed,
  facts: { rounds, steps, episodes, connections },
  zero: {
    ...wrong,
    unfinished,
    differing: played.filter(({ isSame }) => !isSame).length,
    used_tokens_accepted: accepted + crash.acceptedTwice,
    differing_after_kill: crash.differing,
  },
  exactly: { exit_code: [code ?? -1, 0], resumed_after_kill: [crash.resumed, sessions] },
  atLeast: {
    resumed: [played.reduce((sum, { resumed }) => sum + resumed, 0), Math.floor(episodes / 2)],
    tokens_tried: [Math.min(TRIED_AGAIN, used.length), Math.min(TRIED_AGAIN, Math.floor(episodes / 4))],
  },
});
