import type { CostRow, EpisodePoint } from "./data.ts";
import type { Figure } from "./render.ts";
import { scatterSpec, type ScatterPoint } from "./scatter.ts";
import { groupBy, scoredOf, successOf } from "./summaries.ts";
import { count } from "./text.ts";

const HEADROOM = 1.08;

/**
 * Success over what an episode costs, one point for each agent whose cost is known. The dashed line joins those that
 * nobody beats in both.
 * @returns `null` when no cost is known
 */
export function costSuccess(costs: readonly CostRow[], episodes: readonly EpisodePoint[]): Figure | null {
  const own = groupBy(episodes, ({ variant }) => variant);
  const points = costs.flatMap(({ variant, scoredCost }): ScatterPoint[] => {
    const scored = scoredOf(own.get(variant) ?? []);
    const success = successOf(scored);
    if (scoredCost === null || success.value === null) return [];
    return [{ name: variant, x: scoredCost / scored.length, xInterval: null, y: { ...success, value: success.value } }];
  });
  if (points.length === 0) return null;
  const dearest = Math.max(...points.map(({ x }) => x));
  return {
    title: "Success against cost",
    description: `Mean cost of an episode in US dollars and success rate of ${count(points.length, "agent")}; the table of costs has the numbers.`,
    spec: scatterSpec(
      points.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      {
        title: "US dollars per episode",
        domain: [0, dearest === 0 ? 1 : dearest * HEADROOM],
        format: "$.3~r",
        scale: "sqrt",
      },
      "success",
      frontier(points),
    ),
  };
}

/** Agents than which none is both cheaper and better, from the cheapest on. */
function frontier(points: readonly ScatterPoint[]): ScatterPoint[] {
  let best = -Infinity;
  return points
    .toSorted((a, b) => a.x - b.x || b.y.value - a.y.value)
    .filter(({ y }) => {
      if (y.value <= best) return false;
      best = y.value;
      return true;
    });
}
