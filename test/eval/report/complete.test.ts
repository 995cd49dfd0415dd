import { readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { exportCommand } from "../../../eval/cli/commands/export.ts";
import { reportCommand } from "../../../eval/cli/commands/report.ts";
import { readVariants } from "../../../eval/variants.ts";
import { addCalls, modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { said } from "../verify/said.ts";

const EARLIER = "20261119-120000-0001";
const RUN = "20261120-120000-0002";
const MODEL = "tools:model-x";

/**
 * What a result needs to be worth publishing, where it stands in either form of the report, and a text that only the
 * thing itself could have put there.
 */
const REQUIRED = [
  { what: "suite", md: "Suite and versions", html: "versions", shows: /core@1\.0\.0/ },
  { what: "versions", md: "Suite and versions", html: "versions", shows: /version scoring\D+1\.0\.0/ },
  { what: "seeds", md: "Suite and versions", html: "versions", shows: /base seed/ },
  { what: "anchors", md: "Anchors", html: "leaderboard", shows: /random/ },
  {
    what: "the stable model set",
    md: "Agents and models",
    html: "agents",
    shows: /answered as\W+(?:td\W+)?x-2026 \(\d+ calls\)/,
  },
  { what: "retry policy", md: "Policy", html: "policy", shows: /max_retries\D+5/ },
  { what: "timeout policy", md: "Policy", html: "policy", shows: /attempt_timeout_s\D+120/ },
  { what: "outcomes", md: "Outcomes", html: "outcomes", shows: /success/i },
  { what: "endings", md: "Endings and repeated episodes", html: "outcomes", shows: /resolved/i },
  { what: "repeated episodes", md: "Endings and repeated episodes", html: "outcomes", shows: /played again/i },
  { what: "provider-error counts", md: "Provider errors by class", html: "outcomes", shows: /timeout\D+2\D/ },
  { what: "task-level success", md: "Success by task", html: "tasks", shows: /inc-117/ },
  { what: "evidence coverage", md: "Evidence, wrong fixes and invalid actions", html: "conduct", shows: /evidence/i },
  { what: "wrong-remediation rate", md: "Evidence, wrong fixes and invalid actions", html: "conduct", shows: /wrong/i },
  { what: "invalid-action rate", md: "Evidence, wrong fixes and invalid actions", html: "conduct", shows: /invalid/i },
  { what: "cost", md: "Cost", html: "cost", shows: /\$\d/ },
  { what: "latency", md: "Cost", html: "cost", shows: /latency p50/i },
  { what: "history of a model", md: "Over time", html: "history", shows: /model-x/ },
  { what: "who is not ranked", md: "Not ranked", html: "not-ranked", shows: /L0\d/ },
  { what: "limitations", md: "Limitations", html: "limitations", shows: /simulated/ },
] as const;

const FIGURES = [
  "success-by-task.svg",
  "cost-success.svg",
  "evidence-success.svg",
  "outcomes.svg",
  "history.svg",
  "score.svg",
  "timeline-1.svg",
] as const;

/** The smallest difference that this many tasks can detect. */
const POWER = "3 tasks can tell apart differences of 0.81 or more";

const database = newDatabase();
const folder = join(database.folder, "report");
let markdown = "";
let page = "";

beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  for (const runId of [EARLIER, RUN]) {
    await playInto(backend, {
      runId,
      variants: [...readVariants("random,runbook,expert"), modelVariant(MODEL)],
      facts: { policy: { x: { max_retries: 5, attempt_timeout_s: 120 } } },
    });
    const own = await backend.results.episodes({ runIds: [runId], variantLabels: [MODEL] });
    const answered = own.map(({ episodeId }, i) => ({
      episodeId,
      requestNo: i,
      end: { state: "ok" as const, modelReturned: "x-2026", latencyMs: 400, costUusd: 2500 },
    }));
    const failed = own.slice(0, 2).map(({ episodeId }, i) => ({
      episodeId,
      requestNo: 10 + i,
      end: { state: "failed" as const, errorClass: "timeout" },
    }));
    await addCalls(backend.results, runId, [...answered, ...failed]);
  }
  await backend.results.close();
  price();
  const db = ["--db", database.file];
  markdown = (await said(exportCommand, ["md", ...db])).out;
  page = (await said(exportCommand, ["html", ...db])).out;
  await said(reportCommand, ["--out", folder, ...db]);
}, 60_000);
afterAll(() => database.remove());

/** What the runner writes with an episode whose calls have a price. */
function price(): void {
  const file = new Database(database.file);
  file
    .prepare(
      `UPDATE episode SET cost_uusd = 2500 WHERE slot_id IN
       (SELECT slot_id FROM slot JOIN variant USING (variant_id) WHERE label = ?)`,
    )
    .run(MODEL);
  file.close();
}

const sectionOf = (heading: string): string => markdown.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
const partOf = (id: string): string => new RegExp(`<section id="${id}"[^]*?</section>`).exec(page)?.[0] ?? "";

describe("a report holds what a publishable result needs", () => {
  test.each(REQUIRED)("$what, in Markdown", ({ md, shows }) => expect(sectionOf(md)).toMatch(shows));

  test.each(REQUIRED)("$what, in HTML", ({ html, shows }) => {
    const text = partOf(html)
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/\s+/g, " ");
    expect(text).toMatch(shows);
  });

  test("the smallest difference that so many tasks can detect, in both", () => {
    expect(sectionOf("Limitations")).toContain(POWER);
    expect(partOf("leaderboard")).toContain(POWER);
  });

  test.each(FIGURES)("the figure %s, as a file of its own", (name) => expect(readdirSync(folder)).toContain(name));

  test("and every figure inside the page", () => {
    const drawn = [...page.matchAll(/<svg [^>]*role="img"[^>]*><title>/g)];
    const files = readdirSync(folder).filter((name) => name.endsWith(".svg"));
    expect(drawn).toHaveLength(files.length);
  });
});
