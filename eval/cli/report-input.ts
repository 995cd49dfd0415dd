import { RUBRIC } from "../../env/core/task.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import type { EpisodeEntry, StepRecord } from "../../env/store/store.ts";
import type { CostRow, EpisodePoint, History, LeaderboardRow, ReportInput, Timeline } from "../../plots/data.ts";
import { isRanked } from "../report/board.ts";
import type { Row } from "../report/board.ts";
import { finalOf } from "../report/entry.ts";
import { timeText } from "../report/facts.ts";
import type { ResultReader } from "../report/reader.ts";
import type { RunReport } from "../report/run-report.ts";
import { NOTHING } from "../stats/estimate.ts";
import { replayTimeline } from "../timeline.ts";
import { storedTasks } from "../verify/stored-tasks.ts";

/** Timelines in a report: one per agent, of the same incident. */
const TIMELINE_AGENTS = 4;

/** A gathered report as figures and page want it. */
export async function reportInput(reader: ResultReader, report: RunReport, suite: Suite): Promise<ReportInput> {
  const { run, board } = report;
  return {
    title: run.name === null ? "oncall-gym run" : `oncall-gym run: ${run.name}`,
    generatedFor: `${run.runId}, ${run.suite}@${run.suiteVersion}, ${run.trials} trials per task`,
    leaderboard: board.rows.filter(isRanked).map(leaderboardRow),
    notRanked: board.rows.filter(({ failures }) => failures.length > 0).map(notRanked),
    agents: report.agents.map(({ label, facts }) => ({ variant: label, facts })),
    policy: report.policy,
    providerErrors: report.providerErrors.map(({ label, ...errors }) => ({ variant: label, ...errors })),
    endings: report.outcomes.map(({ label, endings, repeated }) => ({ variant: label, endings, ...repeated })),
    costs: board.rows.map(costRow),
    history: report.history.map(historyOf),
    power: report.power,
    episodes: board.rows.flatMap(({ entry, label }) => finalOf(entry).map((episode) => pointOf(episode, label))),
    rubric: RUBRIC,
    tasks: suite.tasks.map(({ id, difficulty, rubric }) => ({ taskId: id, difficulty, grades: rubric })),
    timelines: await timelinesOf(reader, board.rows),
    versions: report.suite,
    notes: report.limitations,
  };
}

const leaderboardRow = ({ table, rank, label, summary }: Row): LeaderboardRow => {
  const { metrics, scored, planned, successes, bounds, passHat } = summary;
  return {
    table,
    rank,
    variant: label,
    episodes: scored,
    planned,
    successes,
    atLeast: bounds.lower,
    atMost: bounds.upper,
    successRate: metrics.success_rate ?? NOTHING,
    meanScore: metrics.mean_score ?? NOTHING,
    allOfK: passHat.findLast(({ k, value }) => k > 1 && value !== null) ?? null,
    evidenceCoverage: metrics.evidence_coverage ?? NOTHING,
    wrongRemediationRate: metrics.wrong_remediation_rate ?? NOTHING,
    distractorRate: metrics.distractor_failure_rate ?? NOTHING,
    invalidActionRate: metrics.invalid_action_rate ?? NOTHING,
    meanSteps: metrics.mean_steps?.value ?? null,
  };
};

const notRanked = ({ label, failures }: Row): ReportInput["notRanked"][number] => ({
  variant: label,
  reasons: failures.map(({ code, wants, sentences }) => ({ code, came: sentences.join(" "), wanted: wants })),
});

const dollars = (uusd: number | null): number | null => (uusd === null ? null : uusd / 1e6);

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

const costRow = ({ label, summary: { use } }: Row): CostRow => ({
  variant: label,
  calls: use.calls,
  failedCalls: use.failedCalls,
  inputTokens: use.inputTokens,
  outputTokens: use.outputTokens,
  scoredCost: dollars(use.scoredCostUusd),
  totalCost: dollars(use.totalCostUusd),
  costPerSuccess: dollars(use.costPerSuccessUusd),
  unpriced: use.unpriced,
  latencyP50: seconds(use.latencyMs.p50),
  latencyP99: seconds(use.latencyMs.p99),
  waiting: seconds(use.waitingMs),
});

const historyOf = ({ label, entries }: RunReport["history"][number]): History => ({
  variant: label,
  points: entries.map(({ entry: { run, suite }, summary: { metrics } }) => ({
    run: run.runId,
    at: timeText(run.createdAt),
    under: JSON.stringify([suite?.manifestSha256, run.versions["env"], run.versions["scoring"]]),
    successRate: metrics.success_rate ?? NOTHING,
    meanScore: metrics.mean_score ?? NOTHING,
  })),
});

const pointOf = (entry: EpisodeEntry, variant: string): EpisodePoint => ({
  variant,
  taskId: entry.taskId,
  difficulty: entry.difficulty,
  seed: entry.seed,
  trial: entry.trial,
  scored: entry.scored,
  outcome: entry.outcome ?? "running",
  success: entry.outcome === "success",
  score: entry.score,
  evidenceCoverage: entry.evidenceCoverage,
  steps: entry.steps,
  invalidActions: entry.invalidActions,
  changes: entry.changes,
  wrongChanges: entry.wrongChanges,
  distractorChanges: entry.distractorChanges,
});

/** The same incident as each agent played it: the first that was scored, in its first trial. */
async function timelinesOf(reader: ResultReader, rows: readonly Row[]): Promise<Timeline[]> {
  const specs = rows.flatMap(({ entry }) => [...entry.specs.values()]);
  const { tasks } = storedTasks(specs);
  const episodes = rows.flatMap(({ entry, label }) =>
    finalOf(entry)
      .filter(({ scored }) => scored)
      .map((episode) => ({ episode, label })),
  );
  const first = episodes.toSorted((a, b) => a.episode.ordinal - b.episode.ordinal)[0]?.episode;
  const same = episodes.filter(({ episode }) => episode.specHash === first?.specHash && episode.seed === first.seed);
  const timelines: Timeline[] = [];
  for (const { episode, label } of same.slice(0, TIMELINE_AGENTS)) {
    const task = tasks.get(episode.specHash);
    if (task === undefined) continue;
    const steps = await reader.steps(episode.episodeId);
    const title = `${episode.taskId} played by ${label}, score ${(episode.score ?? 0).toFixed(2)}`;
    timelines.push(...replayed(title, task, episode.seed, steps));
  }
  return timelines;
}

/** Nothing for a seed at which the task has no instance: such a row was changed by hand, and `verify` says so. */
function replayed(title: string, task: Task, seed: number, steps: readonly StepRecord[]): Timeline[] {
  try {
    const actions = steps.map(({ action }) => action ?? "");
    return [replayTimeline(title, task, seed, actions)];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
