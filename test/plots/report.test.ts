import { expect, test } from "vitest";
import { renderReport } from "../../plots/report.ts";
import { HOSTILE, hostileReport } from "./hostile.ts";
import { reportInput } from "./recorded-run.ts";

const NOTHING = {
  ...reportInput,
  leaderboard: [],
  notRanked: [],
  agents: [],
  policy: [],
  providerErrors: [],
  endings: [],
  costs: [],
  history: [],
  power: "Nothing was scored.",
  episodes: [],
  timelines: [],
  versions: [],
  notes: [],
};

test("a report refers to nothing outside itself and runs nothing", async () => {
  const page = await renderReport(reportInput);
  expect(page).not.toMatch(/https?:/);
  expect(page).not.toMatch(/<(script|link|iframe|img|object|base)\b/);
  expect(page).not.toMatch(/\b(src|srcset|action|formaction)=|@import|url\(/);
  expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target?.startsWith("#"))).toEqual([]);
});

test("the policy forbids everything but the page's own style", async () => {
  expect(await renderReport(reportInput)).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />`,
  );
});

test("the same input gives the same bytes, in whatever order the episodes come", async () => {
  const page = await renderReport(reportInput);
  expect(await renderReport(reportInput)).toBe(page);
  expect(await renderReport({ ...reportInput, episodes: reportInput.episodes.toReversed() })).toBe(page);
});

test("it has a heading per section, a caption per table, a title per figure and no id twice", async () => {
  const page = await renderReport(reportInput);
  const found = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, text = ""]) => text.trim());
  expect(found(/<h2[^>]*>([^<]*)/g)).toEqual([
    "Leaderboard",
    "Not ranked",
    "Scores",
    "Success by task",
    "Difficulty, meant and measured",
    "Evidence and changes",
    "Outcomes and errors",
    "Cost",
    "Over time",
    "Replayed episodes",
    "Agents and models",
    "Policy",
    "Suite, versions and seeds",
    "Limitations",
  ]);
  expect(found(/<caption>([^<]+)/g)).toHaveLength(found(/(<table)/g).length);
  expect(found(/<svg [^>]*role="img"[^>]*><title>([^<]+)/g)).toHaveLength(7);
  const ids = found(/ id="([^"]*)"/g);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every rate of the leaderboard stands with its n and its interval", async () => {
  const page = await renderReport(reportInput);
  const [, board = ""] = /id="leaderboard"([\s\S]*?)<\/section>/.exec(page) ?? [];
  const cells = [...board.matchAll(/\d %<small>([^<]*)<\/small\s*>\s*<small>n (\d+)/g)];
  expect(cells).toHaveLength(6 * reportInput.leaderboard.length);
  expect(cells.every(([, interval = ""]) => /^\d+ to \d+ %$|^no interval$/.test(interval))).toBe(true);
});

/** The numbers of a row of a table. */
const numbers = (row = ""): (string | undefined)[] =>
  [...row.matchAll(/<td class="number">([^<]*)/g)].map(([, cell]) => cell);

test("the rubric stands beside what every agent reached on every task", async () => {
  const page = await renderReport(reportInput);
  const [, section = ""] = /id="difficulty"([\s\S]*?)<\/section>/.exec(page) ?? [];
  const rows = [...section.matchAll(/<th scope="row">(inc-\d+)<\/th>([\s\S]*?)<\/tr>/g)];
  expect(rows.map(([, task]) => task)).toHaveLength(12);
  // inc-108: grades 1 and 3, sum 4, then the expert's mean score.
  const [, , eighth] = rows.find(([, task]) => task === "inc-108") ?? [];
  expect(numbers(eighth).slice(0, 4)).toEqual(["1", "3", "4", "0.89"]);
  expect(section).toMatch(/>expert<\/th>[\s\S]*?-0\.\d+<small>12 tasks/);
});

test("hostile text comes out escaped everywhere", async () => {
  const page = await renderReport(hostileReport);
  expect(page).not.toContain("<script");
  expect(page).not.toMatch(/<img|<\/textarea/);
  expect(page).not.toContain('"onload=');
  expect(page).toContain("&lt;script&gt;document.title=&quot;owned&quot;&lt;/script&gt;");
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(page.isWellFormed()).toBe(true);
  for (const character of HOSTILE.unprintable.slice(0, -1)) expect(page).not.toContain(character);
});

test("a report about nothing says so", async () => {
  const page = await renderReport(NOTHING);
  expect(page.match(/Nothing to show/g)?.length).toBeGreaterThan(3);
  expect(page).not.toMatch(/NaN|undefined|null/);
});
