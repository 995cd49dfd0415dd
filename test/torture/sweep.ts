import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database, { SqliteError } from "better-sqlite3";
import { rngFor } from "../../env/core/rng.ts";
import { NO_HOOK } from "../../env/store/durable.ts";
import type { DurableHook } from "../../env/store/durable.ts";
import { careless } from "../../eval/mock-models/models.ts";
import { startMockProvider } from "../../eval/mock-provider/server.ts";
import { dbIn, sitting } from "./kill/sitting.ts";
import type { Place } from "./kill/sitting.ts";
import { storedIn } from "./kill/stored.ts";
import { inParallel } from "./kit/parallel.ts";
import { report } from "./kit/report.ts";
import { scratchFolder } from "./kit/scratch.ts";
import { readSizes } from "./kit/sizes.ts";

/**
 * SQLite's own method: a small run fails at its first step towards the disk, at its second, and so on, until it fails no
 * more. Four ways of failing: the process is killed; it is killed, and once more while it recovers; the disk is full
 * once; the disk stays broken. After each the run is resumed, and has to come to the same results.
 * Then a run of many episodes is killed at a step of each name in turn, and resumed every time.
 * Usage: sweep.ts [every n-th point is tried] [the same for two kills] [trials of the long run] [seed]; 1 tries all.
 */
const { every, everyTwice, longTrials, seed } = readSizes("sweep", { every: 1, everyTwice: 1, longTrials: 100 });

const scratch = scratchFolder();
const provider = await startMockProvider({ reply: careless });
const CHILD = new URL("kill/child.ts", import.meta.url);
const PROCESSES = 2;

/** Files beside the database may lag behind it, and the database behind its own log. */
const MAY_LAG = /^(?:checkpoint|close):/;

const newPlace = (name: string, trials = 1): Place => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return { folder, baseUrl: provider.baseUrl(), trials };
};

const points: string[] = [];
const undisturbed = newPlace("undisturbed");
await sitting(undisturbed, (point) => void points.push(point));
const whole = await storedIn(dbIn(undisturbed.folder));

const found = {
  torn: 0,
  differing: 0,
  unscored: 0,
  silent: 0,
  tried: 0,
  killed: 0,
  thrown: 0,
  killedInLong: 0,
  longEpisodes: 0,
};
const spaced = (step: number): number[] => points.map((_, i) => i + 1).filter((n) => n % step === 0);
const chosen = spaced(every);
const chosenTwice = spaced(everyTwice);
const random = rngFor(seed, "sweep", 0);
const again = new Map(chosenTwice.map((n) => [n, 1 + Math.floor(random() * points.length * 0.5)]));

const passes: Readonly<Record<string, (place: Place, n: number) => Promise<void>>> = {
  killed: (place, n) => killedAt(place, n),
  "killed twice": async (place, n) => {
    await killedAt(place, n);
    await killedAt(place, again.get(n) ?? 1);
  },
  full: (place, n) => thrownAt(place, (step) => step === n, "SQLITE_FULL"),
  broken: (place, n) => thrownAt(place, (step) => step >= n, "SQLITE_IOERR"),
};
for (const [name, fail] of Object.entries(passes)) {
  const tried = name === "killed twice" ? chosenTwice : chosen;
  await inParallel(PROCESSES, tried.length, async (i) => {
    const n = tried[i] ?? 0;
    const place = newPlace(`${name.replace(" ", "-")}-${n}`);
    await fail(place, n);
    await recovered(place, `${name} at ${n}, ${points[n - 1]}`);
    rmSync(place.folder, { recursive: true });
  });
}

await killAtEveryName();

await provider.close();
const { torn, differing, unscored, silent, killedInLong, ...counts } = found;
report({
  bar: "sweep",
  seed,
  facts: { points: points.length, kinds: new Set(points).size, ...counts },
  zero: { torn, differing_exports: differing, unscored, silent_failures: silent },
  exactly: { tried: [found.tried, 3 * chosen.length + chosenTwice.length] },
  atLeast: {
    killed: [found.killed, chosen.length],
    killed_in_long: [killedInLong, new Set(points).size - 5],
    points: [points.length, 50],
  },
});

/** One run of many episodes, killed at a step of each name in turn and resumed every time. */
async function killAtEveryName(): Promise<void> {
  const quiet = newPlace("long-quiet", longTrials);
  await sitting(quiet, NO_HOOK);
  const expected = await storedIn(dbIn(quiet.folder));
  const place = newPlace("long", longTrials);
  const before = found.killed;
  for (const name of new Set(points)) {
    await killedAt(place, 1 + Math.floor(random() * 5), name);
    await storedIn(dbIn(place.folder));
  }
  found.killedInLong = found.killed - before;
  const { status } = await sitting(place, NO_HOOK);
  const { scored, episodes } = await storedIn(dbIn(place.folder));
  found.longEpisodes = episodes.filter((episode) => episode.scored).length;
  if (status !== "complete") found.unscored += 1;
  if (scored !== expected.scored) found.differing += 1;
}

/** @param name counts only the steps of that name */
async function killedAt({ folder, baseUrl, trials = 1 }: Place, n: number, name = ""): Promise<void> {
  const child = fork(CHILD, [folder, baseUrl, `${trials}`, `${n}`, name], {
    execArgv: ["--import", "tsx"],
    stdio: "ignore",
  });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (signal === "SIGKILL") found.killed += 1;
}

/** A failure that the process survives has to be told, not swallowed. */
async function thrownAt(place: Place, isDue: (step: number) => boolean, code: string): Promise<void> {
  let step = 0;
  let thrown = 0;
  const hook: DurableHook = (point) => {
    step += 1;
    if (!isDue(step)) return;
    if (!MAY_LAG.test(point)) thrown += 1;
    throw new SqliteError("made to fail", code);
  };
  const ended = await sitting(place, hook).then(
    ({ status }) => status,
    () => "failed",
  );
  if (thrown > 0) found.thrown += 1;
  if (thrown > 0 && ended === "complete") found.silent += 1;
}

/** Whoever holds a run without a sign of life for a minute is taken for dead: here the process that recovers it. */
function fallSilent(file: string): void {
  if (!existsSync(file)) return;
  const db = new Database(file);
  const hasRuns = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'run'").get() !== undefined;
  if (hasRuns) db.exec("UPDATE run SET heartbeat_at = 0 WHERE owner_json IS NOT NULL");
  db.close();
}

/** Whole files, and the same results in the end. */
async function recovered(place: Place, what: string): Promise<void> {
  found.tried += 1;
  const say = (problem: string): void => void process.stderr.write(`sweep: ${what}: ${problem}\n`);
  try {
    await storedIn(dbIn(place.folder));
    fallSilent(dbIn(place.folder));
    const { status, unscored: left } = await sitting(place, NO_HOOK);
    const stored = await storedIn(dbIn(place.folder));
    if (status !== "complete" || left > 0) {
      found.unscored += 1;
      say(`${status}, ${left} unscored`);
    }
    if (stored.scored !== whole.scored) {
      found.differing += 1;
      say("other results");
    }
  } catch (error) {
    found.torn += 1;
    say((error as Error).message);
  }
}
