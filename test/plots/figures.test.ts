import { expect, test, vi } from "vitest";
import { costSuccess } from "../../plots/cost-success.ts";
import { episodeTimeline } from "../../plots/episode-timeline.ts";
import { evidenceSuccess } from "../../plots/evidence-success.ts";
import { history } from "../../plots/history.ts";
import { outcomes } from "../../plots/outcomes.ts";
import { renderSvg, type Figure } from "../../plots/render.ts";
import { scoreIntervals } from "../../plots/score-intervals.ts";
import { successByTask } from "../../plots/success-by-task.ts";
import { HOSTILE, hostileCosts, hostileEpisodes, hostileHistory, hostileTimeline } from "./hostile.ts";
import { costs, episodes, reportInput, timeline } from "./recorded-run.ts";

const recorded: readonly (readonly [name: string, draw: () => Figure | null])[] = [
  ["success-by-task", () => successByTask(episodes)],
  ["score-intervals", () => scoreIntervals(episodes)],
  ["episode-timeline", () => episodeTimeline(timeline)],
  ["evidence-success", () => evidenceSuccess(episodes)],
  ["cost-success", () => costSuccess(costs, episodes)],
  ["outcomes", () => outcomes(episodes)],
  ["history", () => history(reportInput.history)],
];

test.each(recorded)("%s of the recorded run looks as it did", async (name, draw) => {
  await expect(await svgOf(draw())).toMatchFileSnapshot(`./snapshots/${name}.svg`);
});

test.each(recorded)("%s is the same bytes each time, also when others are drawn beside it", async (_, draw) => {
  const others = recorded.map(([, other]) => svgOf(other()));
  const twice = await Promise.all([svgOf(draw()), ...others, svgOf(draw())]);
  expect(twice.at(-1)).toBe(twice[0]);
});

test.each(recorded)(
  "%s carries a title and a description, and no id that another figure could have",
  async (_, draw) => {
    const svg = await svgOf(draw());
    expect(svg).toMatch(/^<svg [^>]* role="img" aria-label="[^"]+"><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(svg).not.toMatch(/ id="/);
  },
);

test.each(recorded)("%s is a specification without contradictions", async (_, draw) => {
  const warned = vi.spyOn(console, "warn"); // where Vega-Lite complains
  await svgOf(draw());
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

test("the order of the episodes changes nothing", async () => {
  const shuffled = episodes.toReversed();
  expect(await svgOf(successByTask(shuffled))).toBe(await svgOf(successByTask(episodes)));
  expect(await svgOf(scoreIntervals(shuffled))).toBe(await svgOf(scoreIntervals(episodes)));
  expect(await svgOf(evidenceSuccess(shuffled))).toBe(await svgOf(evidenceSuccess(episodes)));
  expect(await svgOf(outcomes(shuffled))).toBe(await svgOf(outcomes(episodes)));
  expect(await svgOf(costSuccess(costs.toReversed(), shuffled))).toBe(await svgOf(costSuccess(costs, episodes)));
});

const countOf = (svg: string, label: string): number => svg.split(`>${label}</text>`).length - 1;

test("an agent whose episodes are all unscored shows as absent, not as 0", async () => {
  const lost = episodes.map((episode) =>
    episode.variant === "random" ? { ...episode, scored: false, success: false, score: null } : episode,
  );
  expect(countOf(await svgOf(successByTask(lost)), "0/2")).toBeLessThan(
    countOf(await svgOf(successByTask(episodes)), "0/2"),
  );
  expect(countOf(await svgOf(scoreIntervals(lost)), "none scored")).toBe(4);
});

test("there is no figure of nothing", () => {
  const unscored = episodes.map((episode) => ({ ...episode, scored: false, score: null }));
  expect(successByTask([])).toBeNull();
  expect(scoreIntervals([])).toBeNull();
  expect(scoreIntervals(unscored)).toBeNull();
  expect(episodeTimeline({ ...timeline, ticks: [] })).toBeNull();
  expect(evidenceSuccess(unscored)).toBeNull();
  expect(outcomes([])).toBeNull();
  expect(costSuccess([], episodes)).toBeNull();
  expect(costSuccess(costs, unscored)).toBeNull();
  expect(history([])).toBeNull();
  expect(history(reportInput.history.map((one) => ({ ...one, points: one.points.slice(0, 1) })))).toBeNull();
});

test("a tick without a measurement leaves a gap", async () => {
  const gap = timeline.ticks.map((tick, i) => (i === 20 ? { ...tick, values: [NaN, Infinity, 4, 0] } : tick));
  expect(await svgOf(episodeTimeline({ ...timeline, ticks: gap }))).not.toMatch(/NaN|Infinity/);
});

test("hostile names come out as text in every figure", async () => {
  for (const figure of [
    successByTask(hostileEpisodes),
    scoreIntervals(hostileEpisodes),
    episodeTimeline(hostileTimeline),
    evidenceSuccess(hostileEpisodes),
    outcomes(hostileEpisodes),
    costSuccess(hostileCosts, hostileEpisodes),
    history(hostileHistory),
  ]) {
    const svg = await svgOf(figure);
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain('"onload=');
    expect(svg).toContain("&lt;script");
    for (const character of HOSTILE.unprintable) expect(svg).not.toContain(character);
  }
});

test("agents whose names are equal at the beginning keep their own rows", async () => {
  const start = `tools:${"a-very-long-model-name-".repeat(4)}`;
  const twins = episodes.map((e) => ({ ...e, variant: start + e.variant }));
  expect((await svgOf(scoreIntervals(twins))).match(/a-very-long-mod[^<]*<\/text>/g)).toHaveLength(4);
});

async function svgOf(figure: Figure | null): Promise<string> {
  if (figure === null) throw new Error("Expected a figure, got null.");
  return renderSvg(figure);
}
