import { byCodeUnit } from "../eval/stats/tasks.ts";
import type { EpisodePoint } from "./data.ts";
import { html, type Markup } from "./html.ts";
import { table, type Column } from "./report-table.ts";
import { evidenceOf, groupBy, scoredOf, scoreOf, successOf, tasksOf, variantsBy } from "./summaries.ts";
import { ABSENT, capitalised, decimal, percent } from "./text.ts";

/** Successes, scored episodes and mean score of each agent on each task: the numbers behind the heat map. */
export function taskTable(episodes: readonly EpisodePoint[]): Markup {
  const cells = groupBy(episodes, ({ taskId, variant }) => `${taskId}\n${variant}`);
  const columns = variantsBy(episodes, (own) => successOf(own).value).map((variant): Column<Task> => ({
    head: variant,
    numeric: true,
    cell: ({ taskId }) => successAndScore(cells.get(`${taskId}\n${variant}`) ?? []),
  }));
  return table(
    "Per task: successes / scored episodes, and the mean score.",
    [
      { head: "Task", cell: ({ taskId }: Task) => taskId },
      { head: "Difficulty", cell: ({ difficulty }) => difficulty },
      ...columns,
    ],
    tasksOf(episodes),
  );
}

type Task = Pick<EpisodePoint, "taskId" | "difficulty">;

function successAndScore(episodes: readonly EpisodePoint[]): Markup {
  const scored = scoredOf(episodes);
  if (scored.length === 0) return html`${ABSENT}`;
  const successes = scored.filter(({ success }) => success).length;
  return html`${`${successes}/${scored.length}`}<small>${decimal(scoreOf(scored).value)}</small>`;
}

interface VariantEpisodes {
  readonly variant: string;
  readonly all: readonly EpisodePoint[];
}

/** In the order of the other tables and figures: from the most to the least successful. */
function byVariant(episodes: readonly EpisodePoint[]): VariantEpisodes[] {
  const groups = groupBy(episodes, ({ variant }) => variant);
  return variantsBy(episodes, (own) => successOf(own).value).map((variant) => ({
    variant,
    all: groups.get(variant) ?? [],
  }));
}

/** How each agent's episodes ended, the unscored ones included, and the share that was scored. */
export function outcomeTable(episodes: readonly EpisodePoint[]): Markup {
  const others = episodes.map(({ outcome }) => outcome).toSorted(byCodeUnit);
  const outcomes = [...new Set(["success", "failure", ...others])];
  return table(
    "Episodes by outcome. Only successes and failures are scored; the others enter no rate.",
    [
      { head: "Agent", cell: ({ variant }) => variant },
      ...outcomes.map((outcome): Column<VariantEpisodes> => ({
        head: capitalised(outcome.replaceAll("_", " ")),
        numeric: true,
        cell: ({ all }) => all.filter((episode) => episode.outcome === outcome).length,
      })),
      { head: "Scored", numeric: true, cell: ({ all }) => outOf(scoredOf(all).length, all.length) },
    ],
    byVariant(episodes),
  );
}

/** What each agent did, pooled over its scored episodes. */
export function conductTable(episodes: readonly EpisodePoint[]): Markup {
  return table(
    "Evidence: mean share of what the diagnosis needed. The rest: counts pooled over scored episodes.",
    [
      { head: "Agent", cell: ({ variant }) => variant },
      { head: "Evidence seen", numeric: true, cell: ({ all }) => evidence(all) },
      pooled(
        "Wrong changes",
        ({ wrongChanges }) => wrongChanges,
        ({ changes }) => changes,
      ),
      pooled(
        "Distractors applied",
        ({ distractorChanges }) => distractorChanges,
        ({ changes }) => changes,
      ),
      pooled(
        "Invalid actions",
        ({ invalidActions }) => invalidActions,
        ({ steps }) => steps,
      ),
    ],
    byVariant(episodes),
  );
}

function pooled(
  head: string,
  part: (episode: EpisodePoint) => number,
  whole: (episode: EpisodePoint) => number,
): Column<VariantEpisodes> {
  return { head, numeric: true, cell: ({ all }) => outOf(total(all, part), total(all, whole)) };
}

function evidence(episodes: readonly EpisodePoint[]): Markup {
  const { value, n } = evidenceOf(episodes);
  return html`${percent(value)}<small>n ${n}</small>`;
}

const total = (episodes: readonly EpisodePoint[], part: (episode: EpisodePoint) => number): number =>
  scoredOf(episodes).reduce((sum, episode) => sum + part(episode), 0);

/** A share of nothing is absent. */
const outOf = (part: number, whole: number): Markup =>
  html`${percent(whole === 0 ? null : part / whole)}<small>${`${part} of ${whole}`}</small>`;

/** Which seeds each task was played with; every agent gets the same. */
export const seedTable = (episodes: readonly EpisodePoint[]): Markup =>
  table(
    "Seeds by task.",
    [
      { head: "Task", cell: ([taskId]: readonly [string, readonly EpisodePoint[]]) => taskId },
      {
        head: "Seeds",
        cell: ([, own]) => [...new Set(own.map(({ seed }) => seed))].toSorted((a, b) => a - b).join(", "),
      },
    ],
    [...groupBy(episodes, ({ taskId }) => taskId)].toSorted(([a], [b]) => byCodeUnit(a, b)),
  );
