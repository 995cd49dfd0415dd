import { join } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "../../env/store/errors.ts";
import { openSqliteStore } from "../../env/store/sqlite/results.ts";
import type { RunRecord } from "../../env/store/store.ts";
import { isSound, verifyRun } from "../../eval/verify/verify.ts";
import type { Verification } from "../../eval/verify/verify.ts";
import { coreSuite } from "../../tasks/index.ts";
import { SOME_TASKS } from "../eval/verify/played.ts";
import { report } from "./kit/report.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { readSizes } from "./kit/sizes.ts";
import { playIntoFile } from "./tamper/played-file.ts";
import { tamperSlots } from "./tamper/rows.ts";
import type { TamperedSlot } from "./tamper/rows.ts";
import { sharedTamperings } from "./tamper/shared.ts";

/**
 * Plays episodes through the harness into a file and replays them all: none may differ. Then rows are changed behind
 * the store's back, each in another episode or of what episodes share: every one must be found and named, and nothing
 * else may be.
 * Usage: verify.ts [episodes] [tampered rows] [seed]
 */
const sizes = readSizes("verify", { episodes: 10_000, tampered: 100 });

/** From a closing at once to a full tour: short enough to play by the thousand, long enough to tamper with. */
const AGENTS = ["random", "runbook", "expert", "probe:constant", "probe:restart-all-then-guess"];

const folder = scratchFolder();
const bulk = join(folder, "bulk.db");
const small = join(folder, "small.db");
const taskIds = coreSuite.tasks.map(({ id }) => id);
const baseSeed = sizes.seed;
const trials = Math.ceil(sizes.episodes / (AGENTS.length * taskIds.length));

const playing = await timed(() => playIntoFile(bulk, { agents: AGENTS.join(","), taskIds, trials, baseSeed }));
await playIntoFile(small, { agents: "random,expert", taskIds: SOME_TASKS, baseSeed });

const untouched = await timed(() => verify(bulk));
const shared = await missedShared();
const tampered = tamperIn(bulk, Math.max(0, sizes.tampered - shared.tried));
const touched = await verify(bulk);
const found = foundIn(touched);
const isNamed = ({ slotId, episodeId }: TamperedSlot): boolean =>
  found.some((name) => name === episodeId || slotId.startsWith(name) || episodeId.startsWith(name));
const missed = tampered.filter((slot) => !isNamed(slot));
const wronged = touched.mismatches.filter(({ episodeId }) => !tampered.some((slot) => slot.episodeId === episodeId));
for (const { what, episodeId } of missed) process.stderr.write(`verify: missed ${what} of ${episodeId}\n`);
for (const what of shared.missed) process.stderr.write(`verify: missed ${what}\n`);

report({
  bar: "verify",
  seed: sizes.seed,
  facts: { play_s: playing.seconds, verify_s: untouched.seconds, agents: AGENTS.length, trials },
  zero: {
    mismatches: untouched.result.mismatches.length,
    problems: untouched.result.problems.length,
    missed: missed.length + shared.missed.length,
    wrongly_accused: wronged.length,
  },
  atLeast: {
    replayed: [untouched.result.replayed, sizes.episodes],
    tampered: [tampered.length + shared.tried, sizes.tampered],
  },
});

async function verify(file: string): Promise<Verification> {
  const store = await openSqliteStore(file, { readOnly: true });
  try {
    return await verifyRun(store, (await store.latestRun()) as RunRecord);
  } finally {
    await store.close();
  }
}

function tamperIn(file: string, count: number): TamperedSlot[] {
  const db = new Database(file);
  try {
    return tamperSlots(db, count, sizes.seed);
  } finally {
    db.close();
  }
}

/** Changes of shared rows that went unnoticed. A row that no longer reads is noticed as well. */
async function missedShared(): Promise<{ tried: number; missed: string[] }> {
  const db = new Database(small);
  const unnoticed: string[] = [];
  const all = sharedTamperings(db);
  for (const { what, apply } of all) {
    const restore = apply(sizes.seed);
    if (await passes(small)) unnoticed.push(what);
    restore();
  }
  if (!(await passes(small))) unnoticed.push("that everything is as it was");
  db.close();
  return { tried: all.length, missed: unnoticed };
}

async function passes(file: string): Promise<boolean> {
  try {
    return isSound(await verify(file));
  } catch (error) {
    if (error instanceof StoreError && error.code === "UNREADABLE") return false;
    throw error;
  }
}

/** What a verification names: ids of attempts, and the beginnings of ids of slots and attempts. */
function foundIn({ mismatches, problems }: Verification): string[] {
  const named = problems.flatMap(({ what }) => /^(?:slot|episode) ([0-9a-f]{12})/.exec(what)?.[1] ?? []);
  return [...new Set([...mismatches.map(({ episodeId }) => episodeId), ...named])];
}

async function timed<Result>(body: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const began = performance.now();
  const result = await body();
  return { result, seconds: Number(((performance.now() - began) / 1000).toFixed(1)) };
}
