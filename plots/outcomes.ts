import type { TopLevelSpec } from "vega-lite";
import type { EpisodePoint } from "./data.ts";
import type { Figure } from "./render.ts";
import { groupBy, scoredOf, successOf, variantsBy } from "./summaries.ts";
import { count, labelsFor } from "./text.ts";
import { HUE, INK, SHARE_COLOURS } from "./theme.ts";

const ROW_PX = 26;
const SCORED_PX = 330;
const UNSCORED_PX = 240;
const MAX_NAME_CHARACTERS = 26;
const MAX_OUTCOME_CHARACTERS = 22;

const SCORED = ["success", "failure"] as const;
const UNSCORED_COLOURS = [HUE.vermilion, HUE.black, INK.quiet, "#b8860b", "#7b5ea7"] as const;

/**
 * How the episodes of each agent ended. Left what was measured, in shares of the scored episodes; right, apart from it,
 * how many measured nothing and why: a provider's failure is never the agent's result.
 * @returns `null` without episodes
 */
export function outcomes(episodes: readonly EpisodePoint[]): Figure | null {
  if (episodes.length === 0) return null;
  const variants = variantsBy(episodes, (own) => successOf(own).value);
  const names = labelsFor(variants, MAX_NAME_CHARACTERS);
  const lost = episodes.filter(({ scored }) => !scored);
  return {
    title: "Outcomes of episodes",
    description: `Successes and failures of ${count(variants.length, "agent")} as shares of scored episodes, and ${count(lost.length, "episode")} that measured nothing. The table of outcomes has the numbers.`,
    spec: {
      hconcat: [scoredPanel(episodes, names), ...(lost.length === 0 ? [] : [unscoredPanel(episodes, names)])],
      spacing: 24,
      resolve: { scale: { color: "independent" } },
    } as TopLevelSpec,
  };
}

function scoredPanel(episodes: readonly EpisodePoint[], names: ReadonlyMap<string, string>) {
  const groups = groupBy(scoredOf(episodes), ({ variant }) => variant);
  const values = [...names].flatMap(([variant, name]) => {
    const own = groups.get(variant) ?? [];
    return SCORED.map((outcome, place) => {
      const n = own.filter((episode) => episode.outcome === outcome).length;
      return { name, outcome, place, share: own.length === 0 ? 0 : n / own.length };
    });
  });
  const x = {
    field: "share",
    type: "quantitative",
    stack: "zero",
    scale: { domain: [0, 1] },
    title: "share of scored episodes",
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: ".0%", domain: false },
  };
  return {
    title: "Scored",
    width: SCORED_PX,
    height: ROW_PX * names.size,
    data: { values },
    layer: bars({ x, names, named: true, outcomes: SCORED, colours: [SHARE_COLOURS[1], SHARE_COLOURS[0]] }),
  };
}

function unscoredPanel(episodes: readonly EpisodePoint[], names: ReadonlyMap<string, string>) {
  const unscored = episodes.filter(({ scored }) => !scored);
  const lost = groupBy(unscored, ({ variant }) => variant);
  const kinds = labelsFor(unscored.map(({ outcome }) => outcome).toSorted(), MAX_OUTCOME_CHARACTERS);
  const values = [...names].flatMap(([variant, name]) =>
    [...groupBy(lost.get(variant) ?? [], ({ outcome }) => outcome)].map(([outcome, own]) => ({
      name,
      outcome: kinds.get(outcome) ?? "",
      place: [...kinds.keys()].indexOf(outcome),
      n: own.length,
    })),
  );
  const most = Math.max(...[...lost.values()].map((own) => own.length));
  const x = {
    field: "n",
    type: "quantitative",
    stack: "zero",
    scale: { domain: [0, most] },
    title: "episodes that measured nothing",
    axis: { tickMinStep: 1, tickCount: Math.min(most, 5), format: "d", domain: false },
  };
  return {
    title: "Not scored",
    width: UNSCORED_PX,
    height: ROW_PX * names.size,
    data: { values },
    layer: bars({
      x,
      names,
      named: false,
      outcomes: [...kinds.values()],
      colours: [...kinds.values()].map((_, i) => UNSCORED_COLOURS[i % UNSCORED_COLOURS.length] as string),
    }),
  };
}

interface Bars {
  readonly x: object;
  readonly names: ReadonlyMap<string, string>;
  /** Whether the rows carry their names. */
  readonly named: boolean;
  readonly outcomes: readonly string[];
  readonly colours: readonly string[];
}

function bars({ x, names, named, outcomes: kinds, colours }: Bars) {
  const y = {
    field: "name",
    type: "nominal",
    scale: { domain: [...names.values()], padding: 0.25 },
    sort: null,
    title: null,
    axis: { domain: false, labels: named, labelFontWeight: 600 },
  };
  const color = {
    field: "outcome",
    type: "nominal",
    scale: { domain: kinds, range: colours },
    legend: { orient: "bottom", direction: "horizontal", title: null, columns: 3 },
  };
  return [
    {
      mark: { type: "bar", stroke: INK.line, strokeWidth: 0.6 },
      // Stacked in the order of the legend.
      encoding: { x, y, color, order: { field: "place", type: "quantitative" } },
    },
  ];
}
