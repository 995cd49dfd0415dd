import type { TopLevelSpec } from "vega-lite";
import { DIFFICULTIES, type EpisodePoint } from "./data.ts";
import type { Figure } from "./render.ts";
import { groupBy, scoreOf, tasksOf, variantsBy } from "./summaries.ts";
import { capitalised, count, decimal, labelsFor, plainText } from "./text.ts";
import { HUE, INK } from "./theme.ts";

const ROW_PX = 34;
const PANEL_PX = 178;
const MAX_NAME_CHARACTERS = 26;
/** Beside these scores a centred label would leave the panel. */
const LABEL_LEFT_BELOW = 0.22;
const LABEL_RIGHT_ABOVE = 0.78;

/**
 * Mean score of each agent with its 95 % interval, over all tasks and per difficulty. Agents run from the best to the
 * worst overall. Where under five tasks were scored there is a dot without an interval.
 * @returns `null` when nothing was scored
 */
export function scoreIntervals(episodes: readonly EpisodePoint[]): Figure | null {
  if (scoreOf(episodes).value === null) return null;
  const variants = variantsBy(episodes, (own) => scoreOf(own).value);
  const bands = DIFFICULTIES.map((difficulty) => ({
    name: difficulty,
    own: episodes.filter((episode) => episode.difficulty === difficulty),
  })).filter(({ own }) => own.length > 0);
  const labels = labelsFor(variants, MAX_NAME_CHARACTERS);
  const panels = [{ name: "all", own: episodes }, ...(bands.length > 1 ? bands : [])];
  const best = variants[0] ?? "";
  return {
    title: "Mean score by agent",
    description: `Mean score from 0 to 1 with 95 percent intervals for ${count(variants.length, "agent")}, over all tasks and by difficulty. Highest overall: ${plainText(best)}. The leaderboard has the overall numbers.`,
    spec: {
      hconcat: panels.map(({ name, own }, i) =>
        panel(`${capitalised(name)}, ${count(tasksOf(own).length, "task")}`, own, labels, i === 0),
      ),
      spacing: 18,
    } as TopLevelSpec,
  };
}

function panel(title: string, episodes: readonly EpisodePoint[], names: ReadonlyMap<string, string>, named: boolean) {
  const groups = groupBy(episodes, ({ variant }) => variant);
  const values = [...names].map(([variant, name]) => {
    const { value, lower, upper, n } = scoreOf(groups.get(variant) ?? []);
    return {
      name,
      value,
      lower,
      upper,
      label: value === null ? "none scored" : `${decimal(value)} (n ${n})`,
      // Where there is no value, the label stands in its place.
      at: value ?? 0,
      align: value === null || value < LABEL_LEFT_BELOW ? "left" : value > LABEL_RIGHT_ABOVE ? "right" : "center",
    };
  });
  const y = {
    field: "name",
    type: "nominal",
    scale: { domain: [...names.values()], padding: 0 },
    sort: null,
    title: null,
    axis: named
      ? { domain: false, grid: true, labelFontWeight: 600, bandPosition: 0.5 }
      : { domain: false, grid: true, labels: false, bandPosition: 0.5 },
  };
  const x = {
    type: "quantitative",
    scale: { domain: [0, 1] },
    title: "mean score",
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: ".2~f", domain: false },
  };
  const labels = (["left", "center", "right"] as const).map((align) => ({
    transform: [{ filter: `datum.align === '${align}'` }],
    mark: { type: "text", align, dy: -11, fontSize: 10.5, color: INK.text },
    encoding: { x: { ...x, field: "at" }, y, text: { field: "label", type: "nominal" } },
  }));
  return {
    title,
    width: PANEL_PX,
    height: ROW_PX * names.size,
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.lower !== null" }],
        mark: { type: "rule", color: HUE.blue, strokeWidth: 3, opacity: 0.45, strokeCap: "round" },
        encoding: { x: { ...x, field: "lower" }, x2: { field: "upper" }, y },
      },
      {
        transform: [{ filter: "datum.value !== null" }],
        mark: { type: "point", filled: true, color: HUE.blue, size: 70, opacity: 1 },
        encoding: { x: { ...x, field: "value" }, y },
      },
      ...labels,
    ],
  };
}
