import { setTimeout as wait } from "node:timers/promises";
import { addTally, Clients, emptyTally, harm, latencyMs } from "./kit/clients.ts";
import { MemoryWatch } from "./kit/memory.ts";
import { Peer } from "./kit/peer.ts";
import { atMost, notRun, report } from "./kit/report.ts";
import type { Aim } from "./kit/report.ts";
import { canLookInside, startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { lostSlots } from "./kit/slots.ts";
import type { FloodResult } from "./peers/flood.ts";
import type { HalfOpenResult } from "./peers/half-open.ts";
import type { NewcomersResult } from "./peers/newcomers.ts";
import type { OversizeResult } from "./peers/oversize.ts";
import type { SlowResult } from "./peers/slow.ts";

/**
 * Honest sessions beside clients that use a server up: huge announcements, floods that are never read, slow senders,
 * sockets that are stuck, silent or frozen and hold all slots. The honest ones meet no error, memory is bounded, slow
 * senders are closed, and held slots go to those who need them. A short run shortens the server's time limits alike.
 * Usage: exhaustion.ts [seconds] [honest sessions] [seed], 600 and 200 without.
 */
const { seconds, honest, seed } = readSizes("exhaustion", { seconds: 600, honest: 200 });
if (!canLookInside) notRun("exhaustion", "/proc, to read a server's memory");

const OVERSIZE = 200;
const FLOODING = 20;
const SLOW_SENDERS = 500;
const HOLDERS = 200;
const FROZEN = 300;
const THINK_MS = 100;
/** The compiler has its time before anything is compared. */
const WARM_UP_MS = 3000;
/** With the limits that ship, the last phase takes a minute: 45 s of silence have to pass. */
const WITH_DEFAULTS_S = 120;
const pace = Math.min(1, seconds / WITH_DEFAULTS_S);
const shorter = (ms: number): number => Math.max(1, Math.round(ms * pace));
const limits = {
  "headers-ms": shorter(10_000),
  "request-ms": shorter(15_000),
  "ping-ms": shorter(20_000),
  "unresponsive-ms": shorter(45_000),
  "stalled-ms": shorter(10_000),
};
/** Node looks for slow senders once a second. */
const LONGEST_SEND_MS = shorter(15_000) + 5000;
const phaseMs = (share: number): number => seconds * share * 1000;

const held = HOLDERS + FROZEN;
const maxSessions = honest + held;
const server = await startServer({ flags: { "max-sessions": maxSessions, ...limits } });
const memory = new MemoryWatch(server);
const clients = await Clients.start({ url: server.url, count: honest, seed, thinkMs: THINK_MS });
const met = emptyTally();
const aims: Record<string, Aim> = {};

/** What the honest ones meet while something runs; the first phase is the quiet one that others are compared with. */
async function phase(name: string, share: number, most: { slower: number; mib: number } | null): Promise<void> {
  memory.take();
  addTally(met, clients.take()); // while the others got ready
  await wait(phaseMs(share));
  const tally = clients.take();
  const mib = memory.take();
  const p99 = latencyMs(tally, 99);
  if (most !== null) {
    aims[`p99_ms_${name}`] = atMost(p99, most.slower * quiet.p99);
    aims[`mib_above_quiet_${name}`] = atMost(mib - quiet.mib, most.mib);
  } else Object.assign(quiet, { p99, mib });
  addTally(met, tally);
}
const quiet = { p99: 0, mib: 0 };

await wait(WARM_UP_MS);
await phase("quiet", 0.12, null);

const oversize = await Peer.start<OversizeResult>(new URL("peers/oversize.ts", import.meta.url), server.url, OVERSIZE);
await phase("oversize", 0.12, { slower: 2, mib: 50 });
const announced = await oversize.stop();

const flood = await Peer.start<FloodResult>(new URL("peers/flood.ts", import.meta.url), server.url, FLOODING);
await phase("flood", 0.2, { slower: 3, mib: 100 });
const flooded = await flood.stop();

const slow = await Peer.start<SlowResult>(new URL("peers/slow.ts", import.meta.url), server.url, SLOW_SENDERS, HOLDERS);
const frozen = await Peer.start<HalfOpenResult>(new URL("peers/half-open.ts", import.meta.url), server.url, FROZEN);
frozen.signal("SIGSTOP");
const newcomers = await Peer.start<NewcomersResult>(
  new URL("peers/newcomers.ts", import.meta.url),
  server.url,
  held,
  shorter(5000),
  shorter(60_000),
);
await phase("slow", 0.5, { slower: 3, mib: 150 });
const late = await newcomers.stop();
frozen.signal("SIGCONT");
const woken = await frozen.stop();
const slowed = await slow.stop();

await clients.finish();
addTally(met, clients.take());
await clients.close();
memory.stop();
const lost = await lostSlots(server.url, maxSessions);
const { code } = await server.stop();
report({
  bar: "exhaustion",
  seed,
  facts: {
    seconds,
    honest,
    replies: met.replies,
    quiet_p99_ms: quiet.p99,
    quiet_mib: Math.round(quiet.mib),
    announced: announced.announced,
    flood_mib: Math.round(flooded.sentMib),
    floods_ended: flooded.ended,
  },
  zero: {
    ...harm(met),
    wrongly_refused: announced.wrong,
    newcomers_failed: late.failed,
    lost_slots: lost,
  },
  exactly: {
    newcomers_seated: [late.seated, held],
    holders_gone: [slowed.gaveUp, HOLDERS],
    frozen_gone: [woken.ended, woken.held],
    frozen_held: [woken.held, FROZEN],
    exit_code: [code ?? -1, 0],
  },
  atLeast: { replies: [met.replies, honest], slow_senders_closed: [slowed.closed, SLOW_SENDERS] },
  aims: {
    ...aims,
    slow_longest_ms: atMost(slowed.longestMs, LONGEST_SEND_MS),
    newcomers_ms: atMost(late.afterMs, shorter(50_000)),
  },
});
