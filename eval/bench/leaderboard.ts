import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { BenchResult } from "../../env/bench/result.ts";
import { compare } from "../../env/bench/rounds.ts";
import { oncall, seconds } from "./process.ts";

const FEW = 10_000;
const MANY = 100_000;
const TASKS = 40;
/** Episodes that are played; all others are copies of them. */
const PLAYED = 1000;

/** P14: `oncall leaderboard` on ten thousand episodes, against the start of the program alone. */
export function benchLeaderboard(): Promise<BenchResult> {
  return withFolder((folder) => {
    const db = join(folder, "few.db");
    oncall(["run", "--agents", "random", "--trials", `${FEW / TASKS}`, "--db", db]);
    oncall(["leaderboard", "--db", db]); // replays them all, and remembers that it has
    return compare({
      id: "P14-leaderboard",
      title: "oncall leaderboard on 10,000 episodes that were replayed before",
      unit: "s",
      target: "≤ 1.5 s",
      bound: "the start of the program, reading the rows, then the resampling of intervals",
      baseline: { name: "oncall leaderboard --help", run: () => seconds(() => oncall(["leaderboard", "--help"])) },
      ours: { name: "leaderboard", run: () => seconds(() => oncall(["leaderboard", "--db", db])) },
    });
  });
}

/** P12: time of a leaderboard as episodes grow tenfold. Replaying is left out: it is linear, and a bench by itself. */
export function benchManyEpisodes(): Promise<BenchResult> {
  return withFolder((folder) => {
    const played = join(folder, "played.db");
    oncall(["run", "--agents", "random", "--trials", `${PLAYED / TASKS}`, "--db", played]);
    const [few, many] = [FEW, MANY].map((episodes) => {
      const file = join(folder, `${episodes}.db`);
      copyFileSync(played, file);
      multiply(file, episodes / PLAYED);
      return file;
    }) as [string, string];
    return compare({
      id: "P12-leaderboard",
      title: "oncall leaderboard on 100,000 episodes against 10,000, without replays",
      unit: "s",
      target: "≤ 10 (linear)",
      bound: "reading the rows",
      baseline: { name: "10,000 episodes", run: () => boardSeconds(few) },
      ours: { name: "100,000 episodes", run: () => boardSeconds(many) },
    });
  });
}

const boardSeconds = (db: string): number => seconds(() => oncall(["leaderboard", "--no-replay", "--db", db]));

/** Repeats what the one run of a database holds, every copy under seeds and with trajectories of its own. */
function multiply(file: string, copies: number): void {
  const db = new Database(file);
  const trials = db.prepare("SELECT trials FROM run").pluck().get() as number;
  const slots = db.prepare("SELECT count(*) FROM slot").pluck().get() as number;
  const changed: Readonly<Record<string, string>> = {
    slot_id: renamed("slot_id"),
    episode_id: renamed("episode_id"),
    final_episode_id: renamed("final_episode_id"),
    trajectory_sha256: renamed("trajectory_sha256"),
    seed: "seed + @copy",
    trial: `trial + @copy * ${trials}`,
    ordinal: `ordinal + @copy * ${slots}`,
  };
  const copyOf = (table: string): Database.Statement => {
    const columns = db.prepare("SELECT name FROM pragma_table_info(?)").pluck().all(table) as string[];
    const values = columns.map((column) => changed[column] ?? column);
    const firsts = `rowid <= (SELECT count(*) / @copy FROM ${table})`;
    return db.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM ${table} WHERE ${firsts}`,
    );
  };
  const statements = ["slot", "episode", "step"].map(copyOf);
  db.transaction(() => {
    for (let copy = 1; copy < copies; copy += 1) for (const statement of statements) statement.run({ copy });
    db.prepare("UPDATE run SET trials = ?").run(trials * copies);
  })();
  db.close();
}

/** An id or hash of the same length that no other row has. */
const renamed = (column: string): string => `printf('%08x', @copy) || substr(${column}, 9)`;

async function withFolder<Result>(body: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "oncall-bench-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
