import { randomBytes } from "node:crypto";
import { coreSuite } from "../../tasks/index.ts";
import { interleaved, reused } from "./isolation/bleeding.ts";
import { collisions, probeIds } from "./isolation/ids.ts";
import { probePlanes } from "./isolation/planes.ts";
import { report } from "./kit/report.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { transportsOf } from "./transports/index.ts";
import { inProcess } from "./transports/in-process.ts";

/**
 * Sessions know nothing of each other: episodes played side by side or one after another are as they are alone, ids
 * cannot be guessed or told apart, and no token or handle of an agent opens a control route.
 * Usage: isolation.ts [pairs in process] [pairs on each other transport] [guesses] [ids] [seed], 2,000, 2,000, 100,000
 * and 1,000,000 without.
 */
const sizes = readSizes("isolation", { pairs: 2000, pairs_remote: 2000, guesses: 100_000, ids: 1_000_000 });
const { pairs, pairs_remote, guesses, ids, seed } = sizes;
const SESSIONS = 200;

const server = await startServer();
const alone = inProcess(coreSuite);
const differing: Record<string, number> = {};
for (const [name, transport] of Object.entries(transportsOf(server.url))) {
  // oxlint-disable no-await-in-loop
  const count = name === "in-process" ? pairs : pairs_remote;
  differing[`bled_${name}`] = await interleaved(alone, transport, count, seed);
  differing[`kept_${name}`] = await reused(alone, transport, seed);
  // oxlint-enable no-await-in-loop
  transport.end();
}
const { accepted, telling } = await probeIds(server.url, guesses, SESSIONS, seed);
await server.stop();

const token = (): string => randomBytes(24).toString("base64url");
const tokens = { controlToken: token(), agentToken: token() };
const guarded = await startServer({
  flags: { "control-token": tokens.controlToken, "agent-token": tokens.agentToken, "agent-port": 0 },
});
const { agentUrl } = guarded;
if (agentUrl === null) throw new Error("The server does not say where its agents' listener is.");
const { calls, reached, wrongTools } = await probePlanes({ url: guarded.url, agentUrl, ...tokens });
await guarded.stop();
const tokensInLogs = Object.values(tokens).filter((one) => guarded.log.includes(one)).length;

report({
  bar: "isolation",
  seed,
  facts: { pairs, pairs_remote, guesses, control_calls: calls },
  zero: {
    ...differing,
    accepted,
    telling,
    collisions: collisions(ids),
    control_reached: reached,
    wrong_tools: wrongTools,
    tokens_in_logs: tokensInLogs,
  },
  atLeast: { control_calls: [calls, 50] },
});
