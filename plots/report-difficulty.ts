import { rankCorrelation } from "../eval/stats/rank-correlation.ts";
import { DIFFICULTIES, type EpisodePoint, type GradedTask, type ReportInput } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { table, type Column } from "./report-table.ts";
import { groupBy, scoredOf, scoreOf, successOf, variantsBy } from "./summaries.ts";
import { ABSENT, decimal } from "./text.ts";

/** Per agent: the mean score in each band, and how its scores follow the sum of the grades over tasks. */
export function bandTable(input: ReportInput): Markup {
  const tasks = playedTasks(input);
  return table(
    "Mean score by band, and Spearman's rank correlation between a task's rubric and its mean score.",
    [
      { head: "Agent", cell: ({ variant }: OwnEpisodes) => variant },
      ...DIFFICULTIES.map((band): Column<OwnEpisodes> => ({
        head: band,
        numeric: true,
        cell: ({ own }) => score(own.filter(({ difficulty }) => difficulty === band)),
      })),
      { head: "Correlation", numeric: true, cell: ({ own }) => correlation(own, tasks) },
    ],
    byVariant(input.episodes),
  );
}

/** Per task: its grades, their sum, and the mean score of every agent. */
export function gradeTable(input: ReportInput): Markup {
  const cells = groupBy(input.episodes, ({ taskId, variant }) => `${taskId}\n${variant}`);
  return table(
    "Per task: the grades of the rubric, their sum, and mean scores.",
    [
      { head: "Task", cell: ({ taskId }: GradedTask) => taskId },
      { head: "Difficulty", cell: ({ difficulty }) => difficulty },
      ...input.rubric.map(({ letter }, i): Column<GradedTask> => ({
        head: letter,
        numeric: true,
        cell: ({ grades }) => grades[i] ?? ABSENT,
      })),
      { head: "Sum", numeric: true, cell: (task) => sumOf(task) },
      ...byVariant(input.episodes).map(({ variant }): Column<GradedTask> => ({
        head: variant,
        numeric: true,
        cell: ({ taskId }) => score(cells.get(`${taskId}\n${variant}`) ?? []),
      })),
    ],
    playedTasks(input),
  );
}

interface OwnEpisodes {
  readonly variant: string;
  readonly own: readonly EpisodePoint[];
}

/** In the order of the other tables: from the most to the least successful. */
function byVariant(episodes: readonly EpisodePoint[]): OwnEpisodes[] {
  const groups = groupBy(episodes, ({ variant }) => variant);
  return variantsBy(episodes, (own) => successOf(own).value).map((variant) => ({
    variant,
    own: groups.get(variant) ?? [],
  }));
}

/** Tasks with a scored episode, from the lowest to the highest sum of grades. */
function playedTasks({ tasks, episodes }: ReportInput): GradedTask[] {
  const played = new Set(scoredOf(episodes).map(({ taskId }) => taskId));
  return tasks
    .filter(({ taskId }) => played.has(taskId))
    .toSorted((a, b) => sumOf(a) - sumOf(b) || (a.taskId < b.taskId ? -1 : 1));
}

const sumOf = ({ grades }: GradedTask): number => grades.reduce((sum, grade) => sum + grade, 0);

function score(episodes: readonly EpisodePoint[]): Markup {
  const { value } = scoreOf(episodes);
  return html`${decimal(value)}<small>n ${scoredOf(episodes).length}</small>`;
}

function correlation(own: readonly EpisodePoint[], tasks: readonly GradedTask[]): Markup {
  const byTask = groupBy(scoredOf(own), ({ taskId }) => taskId);
  const pairs = tasks.flatMap((task): [number, number][] => {
    const { value } = scoreOf(byTask.get(task.taskId) ?? []);
    return value === null ? [] : [[sumOf(task), value]];
  });
  return html`${decimal(rankCorrelation(pairs))}<small>${pairs.length} tasks</small>`;
}
