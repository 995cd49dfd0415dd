import type { Reference } from "../../agents/agent.ts";
import type { AgentKind } from "../../agents/index.ts";
import type { Bound, Measure } from "../../agents/probes/bounds.ts";
import { constantProbe } from "../../agents/probes/constant.ts";
import { localClient } from "../../env/client/local.ts";
import { CAUSE_SERVICES, FAULTS } from "../../env/contract/index.ts";
import type { Verdict } from "../../env/contract/index.ts";
import { rngFor } from "../../env/core/rng.ts";
import { DIFFICULTIES, suiteId } from "../../env/core/task.ts";
import type { Difficulty, SplitName, Suite, Task } from "../../env/core/task.ts";
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

interface AnchorsRequest {
  readonly suite: Suite;
  readonly referenceFor: (task: Task, seed: number) => Reference;
  readonly agents: readonly AgentKind[];
  /** The whole suite when absent. */
  readonly tasks?: readonly Task[];
  /** At least so many episodes of each task. */
  readonly episodes: number;
  /** Training seeds of each task on which memorisers learn; the harness's own number when absent. */
  readonly learntSeeds?: number;
  readonly onRow?: (row: AnchorRow) => void;
}

/** Six seeds of each task at least: siblings come in twos and threes. */
export const EPISODES = 6;

/** Memorisers of alerts: a second row says how they fare on tasks that they never met. */
const MEMORISERS = ["probe:alert-memoriser", "probe:alert-sweep"];

/** Plays every agent on a balanced schedule, in this process. The same request gives the same bytes. */
export async function playAnchors(request: AnchorsRequest): Promise<Anchors> {
  const { suite, agents, tasks, onRow } = request;
  const stage = stageOf(request, suite.tasks, tasks ?? suite.tasks);
  let unseen: Stage | null = null;
  const rows: AnchorRow[] = [];
  const add = (row: AnchorRow): void => {
    rows.push(row);
    onRow?.(row);
  };
  for (const agent of agents) {
    add(await (agent.name === "probe:constant" ? playConstants : playAgent)(agent, stage));
    if (!MEMORISERS.includes(agent.name) || tasks !== undefined) continue;
    unseen ??= stageOf(request, tasksOf(suite, "train"), tasksOf(suite, "test"));
    add(await playAgent(transferred(agent), unseen));
  }
  return { suite: suiteId(suite), env_version: ENV_VERSION, scoring_version: SCORING_VERSION, rows };
}

/** What agents are played on, and who tells them what they know. */
interface Stage {
  readonly suite: Suite;
  readonly schedule: readonly Fixture[];
  readonly tell: Tell;
}

const stageOf = (
  { suite, referenceFor, episodes, learntSeeds }: AnchorsRequest,
  learnt: readonly Task[],
  played: readonly Task[],
): Stage => ({
  suite,
  schedule: balancedSchedule(played, episodes),
  tell: answersFrom(learnt, referenceFor, learntSeeds),
});

const tasksOf = ({ tasks, splits }: Suite, split: SplitName): Task[] =>
  tasks.filter(({ id }) => splits[split].includes(id));

const transferred = (agent: AgentKind): AgentKind => ({
  ...agent,
  name: `${agent.name} (test)`,
  summary: "The same, having learnt on the train split, on the test split.",
  bounds: ["score < 0.1"],
});

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
    byTask.set(task, [...(byTask.get(task) ?? []), figuresOf(verdict)]);
  }
  await client.close();
  return rowOf(agent, byTask);
}

const figuresOf = ({ score, resolved, success, clean_success }: Verdict): Figures => ({
  score,
  resolved: Number(resolved),
  success: Number(success),
  clean_success: Number(clean_success),
});

function rowOf(agent: AgentKind, byTask: ReadonlyMap<Task, readonly Figures[]>): AnchorRow {
  const bands = DIFFICULTIES.map((band) => [band, [...byTask].filter(([task]) => task.difficulty === band)] as const);
  const overTasks = (tasks: Iterable<readonly [Task, readonly Figures[]]>, measure: Measure): number =>
    rounded(mean(Array.from(tasks, ([, episodes]) => mean(episodes.map((figures) => figures[measure])))));
  return {
    policy: agent.name,
    summary: agent.summary,
    episodes: [...byTask.values()].flat().length,
    score: overTasks(byTask, "score"),
    resolved: overTasks(byTask, "resolved"),
    success: overTasks(byTask, "success"),
    clean_success: overTasks(byTask, "clean_success"),
    by_difficulty: Object.fromEntries(
      bands.filter(([, tasks]) => tasks.length > 0).map(([band, tasks]) => [band, overTasks(tasks, "score")]),
    ),
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

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
