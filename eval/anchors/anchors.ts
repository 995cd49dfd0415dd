import type { Reference } from "../../agents/agent.ts";
import type { AgentKind } from "../../agents/index.ts";
import type { Bound, Measure } from "../../agents/probes/bounds.ts";
import { constantProbe } from "../../agents/probes/constant.ts";
import { localClient } from "../../env/client/local.ts";
import { CAUSE_SERVICES, FAULTS } from "../../env/contract/index.ts";
import { rngFor } from "../../env/core/rng.ts";
import { DIFFICULTIES, suiteId } from "../../env/core/task.ts";
import type { Difficulty, Suite, Task } from "../../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/core/version.ts";
import { answersFrom } from "../answers.ts";
import type { Tell } from "../answers.ts";
import { systemClock } from "../clock.ts";
import { playEpisode } from "../episode.ts";
import { balancedSchedule } from "./schedule.ts";
import type { Fixture } from "./schedule.ts";

/** How one policy fared, as means of task means with every sibling equally often, to six decimals. */
export interface AnchorRow extends Readonly<Record<Measure, number>> {
  readonly policy: string;
  readonly summary: string;
  readonly episodes: number;
  /** Mean score; bands that were not played are left out. */
  readonly by_difficulty: Readonly<Partial<Record<Difficulty, number>>>;
  readonly bounds: readonly Bound[];
}

/** The table of anchors, under the versions for which it holds. */
export interface Anchors {
  readonly suite: string;
  readonly env_version: string;
  readonly scoring_version: string;
  readonly rows: readonly AnchorRow[];
}

export interface AnchorsRequest {
  readonly suite: Suite;
  readonly referenceFor: (task: Task, seed: number) => Reference;
  readonly agents: readonly AgentKind[];
  /** The whole suite when absent. */
  readonly tasks?: readonly Task[];
  /** At least so many episodes of each task. */
  readonly episodes: number;
  readonly onRow?: (row: AnchorRow) => void;
}

/** Six seeds of each task at least: siblings come in twos and threes. */
export const EPISODES = 6;

/** Memorisers of alerts: a second row says how they fare on tasks that they never met. */
const MEMORISERS = ["probe:alert-memoriser", "probe:alert-sweep"];

/** Plays every agent on a balanced schedule, in this process. The same request gives the same bytes. */
export async function playAnchors({ suite, referenceFor, agents, tasks, episodes, onRow }: AnchorsRequest) {
  const inSplit = (split: readonly string[]): Task[] => suite.tasks.filter(({ id }) => split.includes(id));
  const knowsAll = answersFrom(suite.tasks, referenceFor);
  const knowsTrain = answersFrom(inSplit(suite.splits.train), referenceFor);
  const schedule = balancedSchedule(tasks ?? suite.tasks, episodes);
  const unseen = balancedSchedule(inSplit(suite.splits.test), episodes);
  const rows: AnchorRow[] = [];
  const add = (row: AnchorRow): void => {
    rows.push(row);
    onRow?.(row);
  };
  for (const agent of agents) {
    add(
      await (agent.name === "probe:constant" ? playConstants : playAgent)(agent, { suite, schedule, tell: knowsAll }),
    );
    if (!MEMORISERS.includes(agent.name) || tasks !== undefined) continue;
    const transferred: AgentKind = {
      ...agent,
      name: `${agent.name} (test)`,
      summary: "The same, having learnt on the train split, on the test split.",
      bounds: ["score < 0.1"],
    };
    add(await playAgent(transferred, { suite, schedule: unseen, tell: knowsTrain }));
  }
  return {
    suite: suiteId(suite),
    env_version: ENV_VERSION,
    scoring_version: SCORING_VERSION,
    rows,
  } satisfies Anchors;
}

interface Stage {
  readonly suite: Suite;
  readonly schedule: readonly Fixture[];
  readonly tell: Tell;
}

type Figures = Readonly<Record<Measure, number>>;

async function playAgent(agent: AgentKind, { suite, schedule, tell }: Stage): Promise<AnchorRow> {
  const client = localClient(suite);
  const { signal } = new AbortController();
  const byTask = new Map<Task, Figures[]>();
  for (const { task, seed } of schedule) {
    const { verdict } = await playEpisode({
      client,
      agent: agent.create(),
      context: { rng: rngFor(seed, `anchors/${agent.name}/${task.id}`, 0), ...tell(agent.needs, task, seed) },
      taskId: task.id,
      seed,
      clock: systemClock,
      signal,
    });
    const { score, resolved, success, clean_success } = verdict;
    const figures = {
      score,
      resolved: Number(resolved),
      success: Number(success),
      clean_success: Number(clean_success),
    };
    byTask.set(task, [...(byTask.get(task) ?? []), figures]);
  }
  await client.close();

  const taskMean = (episodes: readonly Figures[], measure: Measure): number =>
    mean(episodes.map((one) => one[measure]));
  const suiteMean = (measure: Measure): number =>
    rounded(mean([...byTask.values()].map((episodes) => taskMean(episodes, measure))));
  const bands = DIFFICULTIES.flatMap((band) => {
    const inBand = [...byTask].filter(([task]) => task.difficulty === band);
    return inBand.length === 0
      ? []
      : [[band, rounded(mean(inBand.map(([, episodes]) => taskMean(episodes, "score"))))]];
  });
  return {
    policy: agent.name,
    summary: agent.summary,
    episodes: schedule.length,
    score: suiteMean("score"),
    resolved: suiteMean("resolved"),
    success: suiteMean("success"),
    clean_success: suiteMean("clean_success"),
    by_difficulty: Object.fromEntries(bands) as AnchorRow["by_difficulty"],
    bounds: agent.bounds,
  };
}

/** Plays every constant diagnosis; each figure of the row is the highest that any of them has. */
async function playConstants(agent: AgentKind, stage: Stage): Promise<AnchorRow> {
  const rows: AnchorRow[] = [];
  for (const service of CAUSE_SERVICES) {
    for (const fault of FAULTS) {
      const { create } = constantProbe([service, fault]);
      rows.push(await playAgent({ ...agent, create }, stage));
    }
  }
  const highest = (measure: Measure): number => Math.max(...rows.map((row) => row[measure]));
  return {
    ...(rows.toSorted((a, b) => b.score - a.score)[0] as AnchorRow),
    summary: `${agent.summary.replace(/\.$/, "")}: the highest figures of all ${rows.length}.`,
    resolved: highest("resolved"),
    success: highest("success"),
    clean_success: highest("clean_success"),
  };
}

/** Says which bounds are exceeded, one sentence each; none when all hold. */
export function exceeded({ rows }: Pick<Anchors, "rows">): string[] {
  const runbook = rows.find(({ policy }) => policy === "runbook")?.score;
  return rows.flatMap((row) =>
    row.bounds
      .filter((bound) => !holds(row, bound, runbook))
      .map((bound) => `${row.policy}: expected ${bound}, got ${row[bound.split(" ")[0] as Measure]}.`),
  );
}

/** A bound against the runbook holds where that was not played. */
function holds(row: AnchorRow, bound: Bound, runbook: number | undefined): boolean {
  const [measure, relation, limit] = bound.split(" ") as [Measure, string, string];
  const value = row[measure];
  const other = limit === "runbook" ? (runbook ?? Infinity) : Number(limit);
  switch (relation) {
    case "<":
      return value < other;
    case "<=":
      return value <= other;
    case ">":
      return value > other;
    default:
      return value >= other;
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
