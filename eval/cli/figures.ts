import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUBRIC, suiteId } from "../../env/core/task.ts";
import type { Suite } from "../../env/core/task.ts";
import type { EpisodeEntry, ResultStore, RunRecord } from "../../env/store/store.ts";
import type { EpisodePoint, LeaderboardRow, ReportInput, Timeline } from "../../plots/data.ts";
import { leaderboard } from "../report/leaderboard.ts";
import { NOTHING } from "../stats/estimate.ts";
import { replayTimeline } from "../timeline.ts";
import type { Wiring } from "./wiring.ts";

/** Files that were written. */
export interface WrittenFigures {
  readonly figures: readonly string[];
  readonly report: string;
}

/** Timelines in a report: one per agent, of the same incident. */
const TIMELINE_AGENTS = 4;

/** Draws the figures of a run as SVG and the self-contained HTML report into a folder. */
export async function writeFigures(
  { drawRun, suite }: Pick<Wiring, "drawRun" | "suite">,
  store: ResultStore,
  run: RunRecord,
  folder: string,
): Promise<WrittenFigures> {
  const { figures, report } = await drawRun(await reportInput(store, run, suite));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return { figures: figures.map(({ name, svg }) => write(name, svg)), report: write("report.html", report) };
}

async function reportInput(store: ResultStore, run: RunRecord, suite: Suite): Promise<ReportInput> {
  const entries = await store.episodes({ runIds: [run.runId], finalOnly: true });
  return {
    title: "oncall-gym run",
    generatedFor: `${run.runId}, ${suiteId(suite)}, ${run.trials} trials per task`,
    leaderboard: leaderboard(entries).map(asRow),
    episodes: entries.map(asPoint),
    rubric: RUBRIC,
    tasks: suite.tasks.map(({ id, difficulty, rubric }) => ({ taskId: id, difficulty, grades: rubric })),
    timelines: await timelinesOf(store, entries, suite),
    versions: {
      ...(run.versions as Record<string, string>),
      "base seed": `${run.baseSeed}`,
      fingerprint: run.fingerprint,
    },
    notes: LIMITATIONS,
  };
}

const LIMITATIONS = [
  "Incidents are simulated: a model of five services, not a production system.",
  "The source is public, so that an agent with access to it and to unsalted seeds could look answers up.",
  "Intervals cover the choice of tasks and seeds, not differences between versions of a model.",
];

const asPoint = (entry: EpisodeEntry): EpisodePoint => ({
  variant: entry.variantLabel,
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

const asRow = ({ rank, variant, scored, metrics }: ReturnType<typeof leaderboard>[number]): LeaderboardRow => ({
  rank,
  variant,
  episodes: scored,
  successRate: metrics.success_rate ?? NOTHING,
  meanScore: metrics.mean_score ?? NOTHING,
  evidenceCoverage: metrics.evidence_coverage ?? NOTHING,
  wrongRemediationRate: metrics.wrong_remediation_rate ?? NOTHING,
  invalidActionRate: metrics.invalid_action_rate ?? NOTHING,
  meanSteps: metrics.mean_steps?.value ?? null,
});

/** The same incident as each agent played it: the first task of the run in its first trial. */
async function timelinesOf(store: ResultStore, entries: readonly EpisodeEntry[], suite: Suite): Promise<Timeline[]> {
  const first = entries.find((entry) => entry.scored);
  const same = entries.filter((entry) => entry.scored && entry.taskId === first?.taskId && entry.seed === first.seed);
  const timelines: Timeline[] = [];
  for (const entry of same.slice(0, TIMELINE_AGENTS)) {
    const task = suite.tasks.find(({ id }) => id === entry.taskId);
    if (task === undefined) continue;
    const steps = await store.steps(entry.episodeId);
    const title = `${entry.taskId} played by ${entry.variantLabel}, score ${(entry.score ?? 0).toFixed(2)}`;
    timelines.push(
      replayTimeline(
        title,
        task,
        entry.seed,
        steps.map((step) => step.action ?? ""),
      ),
    );
  }
  return timelines;
}
