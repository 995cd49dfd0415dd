import { SPLITS } from "../../env/core/task.ts";
import type { SplitName } from "../../env/core/task.ts";
import { decimal, grouped, interval } from "../report/numbers.ts";
import type { SplitRow, TaskFigures, TaskRow, TrainedResults } from "./results.ts";

/** Probes below this mean score on every split say nothing here. */
const NOTEWORTHY = 0.05;

/** Who fares how on tasks that policies were trained on, under seeds that they never met, and on tasks they never met. */
export function splitsTable({ splits }: Pick<TrainedResults, "splits">): string {
  const rowOf = (split: SplitName, agent: string): SplitRow | undefined =>
    splits[split].find((row) => row.agent === agent);
  const shown = splits.train
    .map(({ agent }) => agent)
    .filter((agent) => {
      const best = Math.max(...SPLITS.map((split) => rowOf(split, agent)?.score.value ?? 0));
      return !agent.startsWith("probe:") || best >= NOTEWORTHY;
    });
  const head = ["agent", "told answers", ...SPLITS.flatMap((split) => [`${split}: score [95 %]`, "success"]), "n"];
  const rows = shown.map((agent) => {
    const own = SPLITS.map((split) => rowOf(split, agent));
    return [
      `\`${agent}\``,
      own[0]?.told === true ? "yes" : "",
      ...own.flatMap((row) => [interval(row?.score), interval(row?.success)]),
      own.map((row) => row?.score.n ?? 0).join(" + "),
    ];
  });
  return table(head, rows);
}

const GOES_ON = ", going on from another's weights with all faults reopened";

/** How the policies that ship were trained. */
export const trainingsTable = ({ trainings }: Pick<TrainedResults, "trainings">): string =>
  table(
    ["policy", "learnt from", "steps", "episodes", "minutes", "minutes of one core"],
    trainings.map(({ agent, path, warm_start, goes_on, steps, episodes, wall_s, cpu_s }) => [
      `[\`${agent}\`](${path})`,
      `${warm_start === "none" ? "rewards alone" : `imitating \`${warm_start}\`, then rewards`}${goes_on ? GOES_ON : ""}`,
      grouped(steps),
      grouped(episodes),
      decimal(wall_s / 60, 0),
      decimal(cpu_s === null ? null : cpu_s / 60, 0),
    ]),
  );

/** Every task, how each policy fares on it, and what is missing. */
export function tasksTable({ tasks, trainings }: Pick<TrainedResults, "tasks" | "trainings">): string {
  const policies = trainings.map(({ agent }) => agent);
  const head = [
    "incident",
    "split",
    "difficulty",
    "`runbook`",
    ...policies.flatMap((name) => [`\`${name}\``, "because"]),
  ];
  const cells = ({ task, split, difficulty, agents }: TaskRow): string[] => [
    task,
    split,
    difficulty,
    brief(agents["runbook"]),
    ...policies.flatMap((name) => [brief(agents[name]), reason(agents[name])]),
  ];
  return table(head, tasks.map(cells));
}

/** Share of the trials from which something counts as learnt. */
const MOSTLY = 0.5;

/** Where an agent that mostly fails first goes wrong, in the order in which an episode is worked. */
function reason(figures: TaskFigures | undefined): string {
  if (figures === undefined) return "";
  const { success, evidence, diagnosed, mitigated } = figures;
  if (success >= MOSTLY) return "learnt";
  if (evidence < MOSTLY) return "does not look where it shows";
  if (mitigated < MOSTLY)
    return diagnosed < MOSTLY ? "finds neither cause nor cure" : "names the cause, lacks the cure";
  return diagnosed < MOSTLY
    ? "cures it, names another cause"
    : "cure, cause and evidence seldom together, or not durable";
}

/** Score, and in brackets the share of successes. */
const brief = (figures: TaskFigures | undefined): string =>
  figures === undefined ? "" : `${figures.score.toFixed(2)} (${figures.success.toFixed(2)})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
