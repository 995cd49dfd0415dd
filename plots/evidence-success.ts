import type { EpisodePoint } from "./data.ts";
import type { Figure } from "./render.ts";
import { scatterSpec, type ScatterPoint } from "./scatter.ts";
import { evidenceOf, groupBy, successOf } from "./summaries.ts";
import { count } from "./text.ts";

/**
 * Success over the evidence that was seen, one point for each agent with 95 % intervals. Far to the left and high up
 * stands who acts without looking and is lucky.
 * @returns `null` when nothing was scored
 */
export function evidenceSuccess(episodes: readonly EpisodePoint[]): Figure | null {
  const points = [...groupBy(episodes, ({ variant }) => variant)].flatMap(([name, own]): ScatterPoint[] => {
    const evidence = evidenceOf(own);
    const success = successOf(own);
    if (evidence.value === null || success.value === null) return [];
    return [{ name, x: evidence.value, xInterval: evidence, y: { ...success, value: success.value } }];
  });
  if (points.length === 0) return null;
  return {
    title: "Success against evidence seen",
    description: `Share of needed evidence seen and success rate of ${count(points.length, "agent")}; the tables have the numbers.`,
    spec: scatterSpec(
      points.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      { title: "share of the needed evidence that was seen", domain: [0, 1], format: ".0%" },
      "success",
    ),
  };
}
