import { agentKinds } from "../../agents/index.ts";
import type { Reference } from "../../agents/agent.ts";
import { localClient } from "../../env/client/local.ts";
import { SPLITS, suiteId } from "../../env/core/task.ts";
import type { Difficulty, SplitName, Suite, Task } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { openMemoryBackend } from "../../env/store/memory.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import { systemClock } from "../clock.ts";
import { makePlan } from "../plan.ts";
import { groupBy } from "../report/group-by.ts";
import { metricsOf } from "../report/metrics.ts";
import { runPlan } from "../run.ts";
import { NOTHING } from "../stats/estimate.ts";
import type { TaskEstimate } from "../stats/estimate.ts";
import type { Duration } from "../train/duration.ts";
import { Stops } from "../stops.ts";
import { readVariants } from "../variants.ts";
import type { ShippedPolicy } from "./shipped.ts";

/** Figures of one agent on the tasks of a split. */
export interface SplitRow {
  readonly agent: string;
  /** Whether the harness tells it answers, those of the tasks that it plays among them. */
  readonly told: boolean;
  readonly score: TaskEstimate;
  readonly success: TaskEstimate;
}

/** Means of one agent over the trials of one task. */
export interface TaskFigures {
  readonly score: number;
  readonly success: number;
  readonly diagnosed: number;
  readonly mitigated: number;
  readonly evidence: number;
}

/** One task, and how agents fared on it. */
export interface TaskRow {
  readonly task: string;
  readonly split: SplitName;
  readonly difficulty: Difficulty;
  readonly agents: Readonly<Record<string, TaskFigures>>;
}

/** A policy that ships, and how it came to be. */
export interface TrainingRow extends Duration {
  readonly agent: string;
  readonly path: string;
  readonly warm_start: string;
  /** Whether it went on from the weights of another, with all faults reopened. */
  readonly goes_on: boolean;
}

/** How the policies that ship fare, under the versions for which it holds. */
export interface TrainedResults {
  readonly suite: string;
  readonly env_version: string;
  readonly scoring_version: string;
  readonly trials: number;
  readonly trainings: readonly TrainingRow[];
  readonly splits: Readonly<Record<SplitName, readonly SplitRow[]>>;
  readonly tasks: readonly TaskRow[];
  /** Scores of the first trial of every task, by agent and task: what a quick check plays again. */
  readonly first_trials: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface ResultsRequest {
  readonly suite: Suite;
  readonly referenceFor: (task: Task, seed: number) => Reference;
  readonly policies: readonly ShippedPolicy[];
  /** Episodes of each agent and task, under evaluation seeds that no training and no choice of a checkpoint has met. */
  readonly trials: number;
}

/** The name that a policy has in the results. */
export const labelOf = ({ name }: Pick<ShippedPolicy, "name">): string => `rl:${name}`;

/** Plays the policies that ship and every agent that ships whole, on every split, as `oncall run` does. */
export async function playResults(request: ResultsRequest): Promise<TrainedResults> {
  const { suite, policies, trials } = request;
  const told = new Set(agentKinds.filter(({ needs }) => needs !== null).map(({ name }) => name));
  const agents = [...agentKinds.map(({ name }) => name), ...policies.map(({ file }) => `rl:${file}`)];
  const episodes = new Map<SplitName, readonly EpisodeEntry[]>();
  for (const split of SPLITS) episodes.set(split, await played(request, agents, split, trials));
  const own = policies.map(labelOf);
  return {
    suite: suiteId(suite),
    env_version: ENV_VERSION,
    scoring_version: SCORING_VERSION,
    trials,
    trainings: policies.map((policy) => ({
      agent: labelOf(policy),
      path: policy.path,
      warm_start: policy.saved.settings.warmStart,
      goes_on: policy.saved.settings.from !== null,
      ...policy.training,
    })),
    splits: Object.fromEntries(
      [...episodes].map(([split, of]) => [split, rowsOf(of, told)]),
    ) as unknown as TrainedResults["splits"],
    tasks: SPLITS.flatMap((split) => taskRows(suite, split, episodes.get(split) ?? [], ["runbook", ...own])),
    first_trials: Object.fromEntries(own.map((agent) => [agent, firstTrials([...episodes.values()].flat(), agent)])),
  };
}

/** Plays agents on the tasks of a split; a policy keeps the name of its file. */
export async function played(
  { suite, referenceFor }: Pick<ResultsRequest, "suite" | "referenceFor">,
  agents: readonly string[],
  split: SplitName,
  trials: number,
): Promise<EpisodeEntry[]> {
  const { results: store, jobs } = openMemoryBackend();
  const plan = makePlan({
    runId: split,
    suite,
    tasks: suite.tasks.filter(({ id }) => suite.splits[split].includes(id)),
    variants: readVariants(agents.join(",")),
    trials,
    baseSeed: 0,
    salt: "",
  });
  await runPlan(plan, { versions: {}, config: {}, gitCommit: null, gitDirty: null }, 1, {
    store,
    jobs,
    clock: systemClock,
    connect: () => Promise.resolve(localClient(suite)),
    referenceFor,
    stops: new Stops(),
  });
  const entries = await store.episodes({ runIds: [split] });
  return entries.map((entry) => ({ ...entry, variantLabel: entry.variantLabel.replace(/@[0-9a-f]+$/, "") }));
}

const rowsOf = (episodes: readonly EpisodeEntry[], told: ReadonlySet<string>): SplitRow[] =>
  [...groupBy(episodes, ({ variantLabel }) => variantLabel)]
    .map(([agent, own]) => {
      const { mean_score, success_rate } = metricsOf(own, ["mean_score", "success_rate"]);
      const [score, success] = [rounded(mean_score ?? NOTHING), rounded(success_rate ?? NOTHING)];
      return { agent, told: told.has(agent), score, success };
    })
    .toSorted((a, b) => (b.score.value ?? 0) - (a.score.value ?? 0));

function taskRows(
  { tasks, splits }: Suite,
  split: SplitName,
  episodes: readonly EpisodeEntry[],
  agents: readonly string[],
): TaskRow[] {
  return tasks
    .filter(({ id }) => splits[split].includes(id))
    .map(({ id, difficulty }) => ({
      task: id,
      split,
      difficulty,
      agents: Object.fromEntries(
        agents.map((agent) => [
          agent,
          figuresOf(episodes.filter(({ taskId, variantLabel }) => taskId === id && variantLabel === agent)),
        ]),
      ),
    }));
}

const TASK_METRICS = [
  "mean_score",
  "success_rate",
  "root_cause_identification_rate",
  "mitigated_rate",
  "evidence_coverage",
] as const;

function figuresOf(episodes: readonly EpisodeEntry[]): TaskFigures {
  const metrics = metricsOf(episodes, TASK_METRICS);
  const of = (name: (typeof TASK_METRICS)[number]): number => digits(metrics[name]?.value ?? 0);
  return {
    score: of("mean_score"),
    success: of("success_rate"),
    diagnosed: of("root_cause_identification_rate"),
    mitigated: of("mitigated_rate"),
    evidence: of("evidence_coverage"),
  };
}

/** Scores of an agent's first trials, by task. */
export const firstTrials = (episodes: readonly EpisodeEntry[], agent: string): Record<string, number> =>
  Object.fromEntries(
    episodes
      .filter(({ variantLabel, trial }) => variantLabel === agent && trial === 0)
      .toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1))
      .map(({ taskId, score }) => [taskId, score ?? 0]),
  );

const rounded = ({ value, lower, upper, ...rest }: TaskEstimate): TaskEstimate => ({
  value: orNull(value),
  lower: orNull(lower),
  upper: orNull(upper),
  ...rest,
});

const orNull = (value: number | null): number | null => (value === null ? null : digits(value));
const digits = (value: number): number => Math.round(value * 1e4) / 1e4;
