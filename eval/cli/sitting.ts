import { basename, join } from "node:path";
import type { Backend } from "../../env/store/backend.ts";
import type { Plan } from "../plan.ts";
import type { RunSummary } from "../run.ts";
import type { Shard } from "../shard.ts";
import type { Agents } from "./agent-options.ts";
import { EXIT, EXIT_OF } from "./exit.ts";
import { writeFigures } from "./figures.ts";
import { findRun } from "./find-run.ts";
import { leaderboardText } from "./leaderboard-table.ts";
import { note, print } from "./output.ts";
import { playPlan } from "./play-plan.ts";
import { runFolder } from "./run-folder.ts";
import { budgetOf, rulesOf } from "./sitting-options.ts";
import type { SittingOptions } from "./sitting-options.ts";
import { shortfalls } from "./thresholds.ts";
import type { Wiring } from "./wiring.ts";

/** A run, or what is left of it. */
export interface Sitting {
  readonly plan: Plan;
  readonly agents: Agents;
  readonly options: SittingOptions;
  readonly name?: string | undefined;
  /** What the run was asked for, so that it can be resumed without saying it again. */
  readonly asked: readonly object[];
  readonly isResumed: boolean;
  /** Input and output of one episode at most. */
  readonly maxEpisodeTokens?: number | undefined;
  readonly salt?: string | undefined;
}

/** Where the files of a run go; shards of one run keep theirs apart. Throws UsageError for an id that leads elsewhere. */
export const folderOf = (
  { checkpointDir, db }: Pick<SittingOptions, "checkpointDir" | "db">,
  runId: string,
  shard: Shard | null = null,
): string =>
  runFolder(
    checkpointDir === undefined ? db : join(checkpointDir, basename(db)),
    shard === null ? runId : `${runId}.${shard.index}-of-${shard.count}`,
  );

/** Plays, shows what came of it and how to go on, and decides the exit code. */
export async function sit(wiring: Wiring, backend: Backend, sitting: Sitting): Promise<void> {
  const { plan, agents, options, name, asked, isResumed, maxEpisodeTokens } = sitting;
  const { env, concurrency, pauseFile, json, db } = options;
  const summary = await playPlan(wiring, {
    plan,
    backend,
    concurrency,
    connect: () => (env === undefined ? wiring.connectLocal() : wiring.connectTo(env)),
    name,
    agents,
    rules: { ...rulesOf(options), maxEpisodeTokens },
    budget: budgetOf(options),
    isBudgetHard: options.hardBudget === true,
    pauseFile: pauseFile === false ? null : pauseFile,
    asked,
    isResumed,
    folder: folderOf(options, plan.runId, plan.shard),
    db,
    json: json === true,
  });
  if (json !== true) await showResult(backend, summary, options.db);
  if (options.report === true) await writeReport(wiring, backend, sitting);
  process.exitCode = await exitCode(wiring, backend, summary, sitting);
}

async function showResult({ results }: Backend, summary: RunSummary, db: string): Promise<void> {
  const { runId, status, done, planned, unscored } = summary;
  const episodes = await results.episodes({ runIds: [runId] });
  if (episodes.length > 0) print(leaderboardText(episodes));
  print(`Run ${runId}, ${done} of ${planned} episodes, in ${db}`);
  const { reason } = await findRun(results, runId);
  const hint = HOW_TO_GO_ON[status];
  if (hint !== null) note(hint(runId, reason));
  if (status === "complete" && unscored > 0)
    note(`${unscored} have no score. To try again: oncall retry-errors ${runId}`);
}

type Hint = (runId: string, reason: string | null) => string;

const HOW_TO_GO_ON: Readonly<Record<RunSummary["status"], Hint | null>> = {
  complete: null,
  failed: (runId) => `Our own fault spoilt episodes. When it is mended: oncall resume ${runId}`,
  paused: (runId, reason) =>
    `Paused${reason === null ? "" : ` ${reason}`}. To go on: oncall unpause, if there is a pause file, and oncall resume ${runId}`,
  taken_over: () => "Another process has taken the run over; it goes on there. To follow it: oncall watch",
  halted: (runId) => `Halted, and nothing of it is ranked. When the provider is well again: oncall resume ${runId}`,
  budget_stopped: (runId) => `The budget is used up. With a larger one: oncall resume ${runId} --max-cost-usd …`,
};

async function writeReport(wiring: Wiring, { results }: Backend, { plan, options, salt }: Sitting): Promise<void> {
  const folder = folderOf(options, plan.runId, plan.shard);
  const run = await findRun(results, plan.runId);
  const { report } = await writeFigures(wiring, results, run, folder, salt === undefined ? {} : { salt });
  note(`Report  ${report}`);
}

async function exitCode(
  wiring: Wiring,
  { results }: Backend,
  { runId, status }: RunSummary,
  { options: { failUnder, requireEligible }, salt }: Sitting,
): Promise<number> {
  if (status !== "complete") return EXIT_OF[status];
  const run = await findRun(results, runId);
  const missed = await shortfalls(wiring, results, run, { failUnder, requireEligible, salt });
  for (const sentence of missed) note(sentence);
  return missed.length > 0 ? EXIT.threshold : EXIT.ok;
}
