import type { TopLevelSpec } from "vega-lite";
import { DIFFICULTIES, type EpisodePoint } from "./data.ts";
import type { Figure } from "./render.ts";
import { groupBy, scoredOf, successOf, tasksOf, variantsBy } from "./summaries.ts";
import { ABSENT, capitalised, count, labelsFor, percent } from "./text.ts";
import { INK, LIGHT_TEXT_FROM, PAPER, SHARE_COLOURS, SHARE_STOPS } from "./theme.ts";

const ROW_PX = 20;
const MIN_COLUMN_PX = 52;
const MAX_COLUMN_PX = 120;
/** All columns together, so that the figure fits a page beside its row labels. */
const ALL_COLUMNS_PX = 760;
/** Width of a character of a column heading; longer names are written slanted. */
const HEADING_CHARACTER_PX = 7;
const MAX_AGENT_CHARACTERS = 28;
const MAX_TASK_CHARACTERS = 14;

interface Cell {
  readonly task: string;
  readonly agent: string;
  /** 0 to 1; `null` when no episode was scored. */
  readonly share: number | null;
  readonly label: string;
}

/**
 * A heat map of success by task and agent. Each cell says successes / scored episodes; a dash means that none was
 * scored. Columns run from the most to the least successful agent, rows from easy to hard.
 * @returns `null` without episodes
 */
export function successByTask(episodes: readonly EpisodePoint[]): Figure | null {
  if (episodes.length === 0) return null;
  const variants = variantsBy(episodes, (own) => successOf(own).value);
  const agents = labelsFor(variants, MAX_AGENT_CHARACTERS);
  const overall = panel("All tasks", [{ name: "mean of tasks", own: episodes }], agents, percentCell, true);
  const bands = DIFFICULTIES.flatMap((difficulty) => {
    const own = episodes.filter((episode) => episode.difficulty === difficulty);
    const rows = tasksOf(own).map(({ taskId }) => ({
      name: taskId,
      own: own.filter((episode) => episode.taskId === taskId),
    }));
    return rows.length === 0
      ? []
      : [panel(`${capitalised(difficulty)}, ${count(rows.length, "task")}`, rows, agents, countCell, false)];
  });
  return {
    title: "Success by task and agent",
    description: `Heat map of ${count(tasksOf(episodes).length, "task")} by ${count(variants.length, "agent")}; each cell shows successes of scored episodes. The table of tasks has the same numbers.`,
    spec: { vconcat: [overall, ...bands], spacing: 12 } as TopLevelSpec,
  };
}

interface Row {
  readonly name: string;
  readonly own: readonly EpisodePoint[];
}

type CellOf = (own: readonly EpisodePoint[]) => Pick<Cell, "share" | "label">;

const countCell: CellOf = (own) => {
  const scored = scoredOf(own);
  const successes = scored.filter(({ success }) => success).length;
  return scored.length === 0
    ? { share: null, label: ABSENT }
    : { share: successes / scored.length, label: `${successes}/${scored.length}` };
};

const percentCell: CellOf = (own) => {
  const { value } = successOf(own);
  return { share: value, label: percent(value) };
};

/** Rows of cells; only the topmost panel names the agents. */
function panel(
  title: string,
  rows: readonly Row[],
  agents: ReadonlyMap<string, string>,
  cellOf: CellOf,
  named: boolean,
) {
  const tasks = labelsFor(
    rows.map(({ name }) => name),
    MAX_TASK_CHARACTERS,
  );
  const cells = rows.flatMap(({ name, own }): Cell[] => {
    const byVariant = groupBy(own, ({ variant }) => variant);
    return [...agents].map(([variant, agent]) => ({
      task: tasks.get(name) ?? "",
      agent,
      ...cellOf(byVariant.get(variant) ?? []),
    }));
  });
  const column = Math.min(MAX_COLUMN_PX, Math.max(MIN_COLUMN_PX, Math.floor(ALL_COLUMNS_PX / agents.size)));
  return {
    title,
    width: column * agents.size,
    height: ROW_PX * rows.length,
    data: { values: cells },
    encoding: {
      x: {
        ...nominal("agent", agents),
        axis: named ? { orient: "top", domain: false, labelFontWeight: 600, ...heading(agents, column) } : null,
      },
      y: { ...nominal("task", tasks), axis: { domain: false, minExtent: 96, maxExtent: 96 } },
    },
    layer: CELL_LAYERS,
  };
}

/** A band scale in the given order; a `sort` array would turn names into expressions. */
const nominal = (field: keyof Cell, labels: ReadonlyMap<string, string>) => ({
  field,
  type: "nominal",
  scale: { domain: [...labels.values()] },
  sort: null,
  title: null,
});

function heading(agents: ReadonlyMap<string, string>, column: number) {
  const slanted = [...agents.values()].some((agent) => agent.length * HEADING_CHARACTER_PX > column);
  return slanted ? { labelAngle: -30, labelAlign: "left" } : { labelAngle: 0, labelAlign: "center" };
}

const CELL_LAYERS = [
  {
    mark: { type: "rect", stroke: PAPER, strokeWidth: 2, cornerRadius: 3 },
    encoding: {
      fill: {
        field: "share",
        type: "quantitative",
        scale: { domain: SHARE_STOPS, range: SHARE_COLOURS },
        legend: null,
        condition: { test: "datum.share === null", value: PAPER },
      },
    },
  },
  {
    mark: { type: "text", fontSize: 11 },
    encoding: {
      text: { field: "label", type: "nominal" },
      color: {
        value: INK.strong,
        condition: { test: `datum.share !== null && datum.share >= ${LIGHT_TEXT_FROM}`, value: PAPER },
      },
    },
  },
];
