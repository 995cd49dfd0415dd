import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { coreSuite } from "../../tasks/index.ts";
import { report } from "./kit/report.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { startServer } from "./kit/server-process.ts";
import { readSizes } from "./kit/sizes.ts";
import { connectionCommands, durableCommands } from "./model/connection-commands.ts";
import type { Command, Model, Real } from "./model/histories.ts";
import { playCommands } from "./model/play-commands.ts";
import { transportsOf } from "./transports/index.ts";
import { inProcess } from "./transports/in-process.ts";
import type { Transport } from "./transports/transport.ts";
import { ws } from "./transports/ws.ts";

/**
 * Histories of several sessions against a model of one: open, reset, step, the same step again, stale and renamed
 * requests, invalid actions, cut connections, resumes with right and wrong tokens, ends in time and out of time, and a
 * durable server that is killed in between. Every reply must be the model's, byte for byte.
 * Usage: model.ts [histories in process] [histories on each other transport] [histories with kills] [seed], 50,000,
 * 50,000 and 500 without.
 */
const sizes = readSizes("model", { histories: 50_000, remote: 50_000, killed: 500 });
const { histories, remote, killed, seed } = sizes;
const LONGEST = 60;
/** How long a session waits for its client here: long enough to be resumed, short enough to be waited for. */
const DETACHED_MS = 1000;
const DURABLE_MS = 20_000;
/** Histories that run at the same time, each with sessions of its own, so that waiting costs little. */
const AT_ONCE = 10;

/** The server that is killed. */
const DURABLE = "ws durable";

const seen = new Map<string, number>();
const diverged: Record<string, number> = {};

/** The clock of this process runs ahead by so much. */
let ahead = 0;
const present = performance.now.bind(performance);
const virtual = (): number => present() + ahead;

performance.now = virtual;
await judge("in-process", histories, 1, {
  transport: inProcess(coreSuite, { detachedMs: DETACHED_MS }),
  expire: async () => void (ahead += DETACHED_MS + 1),
  kill: never,
  surelyThereMs: DETACHED_MS / 2,
  now: virtual,
});
performance.now = present;

const server = await startServer({ flags: { detached: DETACHED_MS } });
const { "in-process": _here, ...others } = transportsOf(server.url);
for (const [name, transport] of Object.entries(others)) {
  const expire = (): Promise<void> => wait(DETACHED_MS * 2);
  const real = { transport, expire, kill: never, surelyThereMs: DETACHED_MS / 3, now: present };
  await judge(name, remote, AT_ONCE, real); // oxlint-disable-line no-await-in-loop
  transport.end();
}
const { code } = await server.stop();

const durable = { flags: { durable: join(scratchFolder(), "sessions.db"), detached: DURABLE_MS } };
let mortal = await startServer(durable);
await judge(DURABLE, killed, 1, {
  get transport() {
    return ws(mortal.url);
  },
  expire: never,
  async kill() {
    mortal.signal("SIGKILL");
    await mortal.exit;
    mortal = await startServer(durable);
    return ws(mortal.url);
  },
  surelyThereMs: DURABLE_MS / 2,
  now: present,
});
await mortal.stop();

const times = (what: string): number =>
  [...seen].filter(([name]) => name.startsWith(what)).reduce((sum, [, count]) => sum + count, 0);
// prettier-ignore
const wanted = ["step: NOT_RESET", "step: EPISODE_DONE", "reset: BAD_OPTION", "repeated step", "renamed step: REQUEST_ID_REUSED",
  "stale step: STEP_CONFLICT", "resume", "resume with last", "take over", "intrude", "expire", "kill", "drop", "close"];
report({
  bar: "model",
  seed,
  facts: { histories, remote, killed, commands: [...seen.values()].reduce((sum, count) => sum + count, 0) },
  zero: diverged,
  exactly: { exit_code: [code ?? -1, 0] },
  atLeast: Object.fromEntries(wanted.map((what) => [what, [times(what), 1] as const])),
});

/** Where nothing of that kind happens. */
function never(): never {
  throw new Error("No command asks for this here.");
}

/** Plays histories on a transport; says the shortest one that the model does not allow, if there is one. */
async function judge(name: string, count: number, atOnce: number, base: Omit<Real, "doors" | "seen">): Promise<void> {
  const commands = fc.commands(commandsFor(name, base.transport), { maxCommands: LONGEST, size: "max" });
  const history = fc.asyncProperty(commands, async (sequence) => {
    const real: Real = { ...base, doors: new Map(), seen };
    try {
      await fc.asyncModelRun(() => ({ model: new Map() as Model, real }), sequence);
    } finally {
      await Promise.all([...real.doors.values()].map((door) => door.close()));
    }
  });
  const shares = Array.from({ length: atOnce }, (_, i) => Math.ceil((count - i) / atOnce)).filter((share) => share > 0);
  const results = await Promise.all(shares.map((numRuns, i) => fc.check(history, { numRuns, seed: seed + i })));
  for (const result of results.filter(({ failed }) => failed)) {
    process.stderr.write(`${name}: ${fc.defaultReportMessage(result)}\n`);
  }
  diverged[`diverged_${name}`] = results.filter(({ failed }) => failed).length;
}

function commandsFor(name: string, transport: Transport): fc.Arbitrary<Command>[] {
  if (!transport.isConnected) return playCommands(transport);
  return [...playCommands(transport), ...(name === DURABLE ? durableCommands() : connectionCommands())];
}
