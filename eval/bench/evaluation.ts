import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { BenchResult } from "../../env/bench/result.ts";
import { compare } from "../../env/bench/rounds.ts";
import { connect, create } from "../../env/store/sqlite/open.ts";
import { oncall, oncallServe } from "./process.ts";

const TRIALS = 25;
const TARGET = "≥ 1,000 episodes/s";

/** P13: `oncall run` against a server of its own, every episode committed with its steps. */
export function benchEvaluation(): Promise<BenchResult> {
  return benchRun("P13", "evaluation through server and store, random agent, 40 tasks × 25 trials", async () => {
    const server = await oncallServe();
    return { args: ["--env", server.url], stop: () => server.stop() };
  });
}

/** P13 without a server: what the harness and its store take by themselves. */
export function benchEvaluationNearby(): Promise<BenchResult> {
  return benchRun("P13-nearby", "the same in one process", async () => ({ args: [], stop: async () => {} }));
}

async function benchRun(
  id: string,
  title: string,
  open: () => Promise<{ readonly args: readonly string[]; readonly stop: () => Promise<void> }>,
): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "oncall-bench-"));
  const { args, ...environment } = await open();
  let turn = 0;
  const play = (): string => {
    const file = join(folder, `played-${(turn += 1)}.db`);
    oncall(["run", "--agents", "random", "--trials", `${TRIALS}`, "--db", file, ...args]);
    return file;
  };
  const first = play();
  const result = await compare({
    id,
    title,
    unit: "episodes/s",
    target: TARGET,
    bound: "the play itself, then the two commits of an episode: its beginning and its end",
    baseline: {
      name: "the same rows, a commit each",
      run: () => rowRate(first, join(folder, `rows-${(turn += 1)}.db`)),
    },
    ours: { name: "episodes", run: () => episodeRate(play()) },
  });
  await environment.stop();
  rmSync(folder, { recursive: true });
  return result;
}

/** Episodes by the time from the start to the end of the run: the start of the program is not in it. */
function episodeRate(file: string): number {
  const db = new Database(file, { readonly: true });
  const took = db.prepare("SELECT ended_at - started_at FROM run").pluck().get() as number;
  const episodes = db.prepare("SELECT count(*) FROM episode WHERE scored").pluck().get() as number;
  db.close();
  return (1000 * episodes) / took;
}

/** What the disk gives: rows of another file, an episode and its steps in each transaction, with the store's settings. */
function rowRate(from: string, to: string): number {
  create(to);
  const db = connect(to, false);
  db.exec(`ATTACH '${from}' AS played`);
  for (const table of ["episode", "step"])
    db.exec(`CREATE TABLE main.${table} AS SELECT * FROM played.${table} LIMIT 0`);
  const ids = db.prepare("SELECT episode_id FROM played.episode").pluck().all() as string[];
  const insert = ["episode", "step"].map((table) =>
    db.prepare(`INSERT INTO main.${table} SELECT * FROM played.${table} WHERE episode_id = ?`),
  );
  const commit = db.transaction((id: string) => insert.forEach((statement) => statement.run(id)));
  const began = performance.now();
  for (const id of ids) commit.immediate(id);
  const took = (performance.now() - began) / 1000;
  db.close();
  return ids.length / took;
}
