import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { rngFor } from "../../env/core/rng.ts";
import { methodical } from "../../eval/mock-models/models.ts";
import { startMockProvider } from "../../eval/mock-provider/server.ts";
import { Player } from "./kill/player.ts";
import { storedIn } from "./kill/stored.ts";
import type { Stored } from "./kill/stored.ts";
import { report } from "./kit/report.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { readSizes } from "./kit/sizes.ts";

/**
 * Runs of `oncall run` against a provider, killed at random moments and resumed until they are complete; then compared
 * with one that nothing disturbed. Every other kill meets a resume. Some are interrupted instead, and pause.
 * Usage: kill.ts [kills] [trials of 60 episodes] [seed].
 */
const { kills: wanted, trials, seed } = readSizes("kill", { kills: 1000, trials: 5 });

/** Two agents that ask a model, behind one endpoint, and one that asks nobody. */
const AGENTS = "tools:model,react:model,random";
const TASKS = 20;
/** Episodes at once: of the agent that asks nobody, and of the one endpoint. */
const WORKERS = 3 + 1;
/** Of the kills, how many come while the process starts, and how long that takes at most in milliseconds. */
const EARLY = 0.15;
const STARTING_MS = 1500;
/** How many are asked to pause instead of being killed. */
const GENTLE = 0.2;

const scratch = scratchFolder();
const provider = await startMockProvider({ reply: methodical });
const config = join(scratch, "oncall.config.json");
const policy = { min_interval_s: 0, rate_limit: 0 };
writeFileSync(config, JSON.stringify({ models: { model: { model: "mock", base_url: provider.baseUrl(), policy } } }));

const place = (name: string) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return { folder, db: join(folder, "oncall.db") };
};
const start = ({ folder, db }: ReturnType<typeof place>, isThere: boolean): Player => {
  const what = ["--agents", AGENTS, "--task-range", `1-${TASKS}`, "--trials", `${trials}`];
  const how = ["--config", config, "--db", db, "--concurrency", "3", "--no-pause-file"];
  return new Player(isThere ? ["resume", ...how] : ["run", ...what, ...how], folder);
};

const undisturbed = place("undisturbed");
const began = performance.now();
const { code, said } = await start(undisturbed, false).ended;
if (code !== 0) throw new Error(`The undisturbed run ended with ${code}:\n${said}`);
const wholeMs = performance.now() - began;
const whole = await storedIn(undisturbed.db);
const requests = provider.journal.entries.length;

const random = rngFor(seed, "kill", 0);
let kills = 0;
let pauses = 0;
let runs = 0;
let lost = 0;
let doubled = 0;
let differing = 0;
let redone = 0;
let unexpected = 0;
let unaccounted = 0;
while (kills < wanted) await playThrough();

await provider.close();
report({
  bar: "kill",
  seed,
  facts: { runs, episodes: whole.episodes.length, undisturbed_ms: Math.round(wholeMs), kills, pauses, redone },
  zero: { lost, doubled, differing_exports: differing, unexpected_exits: unexpected, unaccounted_calls: unaccounted },
  atLeast: { killed: [kills, wanted], paused: [pauses, 1], redone: [redone, 1] },
});

/** One run, killed again and again while there are kills left. */
async function playThrough(): Promise<void> {
  runs += 1;
  const at = place(`run-${runs}`);
  const sentBefore = provider.journal.entries.length;
  let known: Stored = await storedIn(at.db);
  let disturbed = 0;
  while (known.status !== "complete") {
    const player = start(at, known.runId !== null);
    const isLast = kills >= wanted;
    const isGentle = random() < GENTLE;
    const ended = isLast ? await player.ended : await disturb(player, isGentle);
    if (ended.signal === "SIGKILL") kills += 1;
    else if (ended.signal !== null || ended.code === 4) pauses += 1;
    else if (ended.code !== 0) unexpectedEnd(ended.code, ended.said);
    disturbed += 1;
    const now = await storedIn(at.db);
    lost += missing(known, now);
    known = now;
    if (disturbed > wanted * 20) throw new Error("The run does not come to an end.");
  }
  if (known.scored !== whole.scored) differing += 1;
  const abandoned = known.episodes.filter(({ outcome }) => outcome === "abandoned" || outcome === "cancelled").length;
  redone += abandoned;
  doubled += againScored(known) + Math.max(0, abandoned - disturbed * WORKERS);
  const sent = provider.journal.entries.length - sentBefore;
  const stored = Object.values(known.calls).reduce((sum, count) => sum + count, 0);
  // A call is on record before it is sent: none is ever sent that is not, and the lost ones may have been sent or not.
  unaccounted += Math.max(0, sent - stored) + Math.max(0, stored - (known.calls["lost"] ?? 0) - sent);
  if (abandoned === 0 && sent !== requests) unaccounted += 1;
}

async function disturb(player: Player, isGentle: boolean) {
  const starting = random() < EARLY ? wait(random() * STARTING_MS) : player.launched;
  const playingMs = (random() * 2 * wholeMs) / wanted;
  await Promise.race([player.ended, starting.then(() => wait(playingMs))]);
  player.signal(isGentle ? "SIGINT" : "SIGKILL");
  return player.ended;
}

/** Scored episodes that were there and are not there as they were. */
function missing(before: Stored, after: Stored): number {
  const there = new Map(after.episodes.map((episode) => [episode.episodeId, JSON.stringify(episode)]));
  return before.episodes.filter((episode) => episode.scored && there.get(episode.episodeId) !== JSON.stringify(episode))
    .length;
}

/** Slots with more than one scored attempt: a committed episode was played again. */
function againScored({ episodes }: Stored): number {
  const scored = episodes.filter((episode) => episode.scored).map(({ slotId }) => slotId);
  return scored.length - new Set(scored).size;
}

function unexpectedEnd(exit: number | null, text: string): void {
  unexpected += 1;
  process.stderr.write(`kill: a sitting ended with ${exit}: ${text.slice(-500)}\n`);
}
