import { describe, expect, test } from "vitest";
import type { Episode } from "../../env/core/episode.ts";
import { firstObservation } from "../../env/core/episode.ts";
import { LIVE_WINDOW, worstLevel } from "../../env/core/slo.ts";
import { CONFIG_BOUND, PAGE_MARGIN, settingsShare } from "./bounds.ts";
import { probeConfigs, probePages } from "./probes.ts";

/** Small; `test/torture/leaks.ts` has the full size. */
const PAGE_SEEDS = 60;
const CONFIG_SEEDS = 20;

/** Three standard deviations of a difference between two shares of n. */
const chance = (n: number): number => 3 * Math.sqrt(0.5 / n);

describe("the page", () => {
  test("tells no cause beyond what it shows on purpose, within what 720 pages can show", () => {
    const { all, tested } = probePages(PAGE_SEEDS);
    expect(tested).toBeGreaterThan(700);
    const bound = all.constant + PAGE_MARGIN + chance(tested);
    expect(Math.max(all.words, all.numbers, all.best)).toBeLessThan(bound);
  });

  test("would tell it, if it said how much each objective is missed by", () => {
    const { all, tested } = probePages(PAGE_SEEDS, withLivePanel);
    expect(all.best).toBeGreaterThan(all.constant + PAGE_MARGIN + chance(tested));
  });
});

const withLivePanel = (episode: Episode) => {
  const page = firstObservation(episode);
  const slo = page.slo.map((reading, i) => ({ ...reading, current: worstLevel(episode.state, i, LIVE_WINDOW) }));
  return { ...page, slo };
};

test("configuration alone tells few causes of incidents never met, and only wrong keys of those known by heart", () => {
  const { unseen, seen, tested } = probeConfigs(CONFIG_SEEDS);
  expect(unseen).toBeLessThan(CONFIG_BOUND);
  expect(seen).toBeLessThan(settingsShare() + chance(tested));
});
