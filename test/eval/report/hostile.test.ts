import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import { compareCommand } from "../../../eval/cli/commands/compare.ts";
import { explainCommand } from "../../../eval/cli/commands/explain.ts";
import { exportCommand } from "../../../eval/cli/commands/export.ts";
import { historyCommand } from "../../../eval/cli/commands/history.ts";
import { leaderboardCommand } from "../../../eval/cli/commands/leaderboard.ts";
import { rescoreCommand } from "../../../eval/cli/commands/rescore.ts";
import { runsCommand } from "../../../eval/cli/commands/runs.ts";
import { showCommand } from "../../../eval/cli/commands/show.ts";
import { verifyCommand } from "../../../eval/cli/commands/verify.ts";
import { note } from "../../../eval/cli/output.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import { findChromium, startChromium } from "../../plots/chromium.ts";
import { ScriptedAgent } from "../../helpers.ts";
import { ACTS_ON_A_TERMINAL, payloads } from "../export/payloads.ts";
import { addCalls, insteadOf, modelVariant, newDatabase, playInto } from "../verify/played.ts";
import { said } from "../verify/said.ts";

/** A store takes no lone surrogates, a label has to be something, and no two agents have the same. */
const TEXTS = [...new Set(payloads(400))].filter((text) => text.isWellFormed() && text !== "").slice(0, 300);
const RUN = "20261120-120000-0001";

/** Says a hostile thing in place of an action, twice, then one as an argument, then closes with one. */
const talking = (text: string) => () =>
  new ScriptedAgent(
    (step) =>
      [text, { type: text }, { type: "inspect_config", service: "cache", key: text.slice(0, 60) }][step] ?? {
        type: "resolve_incident",
        service: "cache",
        fault: "ttl",
        summary: text,
      },
  );

const database = newDatabase();
beforeAll(async () => {
  const backend = await openSqliteBackend(database.file);
  const store = backend.results;
  const variants = TEXTS.map((text) => {
    const { id, identity, label } = modelVariant(`tools:${text}`, {
      model: text,
      hardware: text,
      engineName: text,
      baseUrlHost: text,
    });
    const [played] = insteadOf("random", talking(text));
    return { ...(played as NonNullable<typeof played>), id, identity, label };
  });
  const all = TEXTS.join(" ");
  await playInto(backend, {
    runId: RUN,
    variants,
    taskIds: ["inc-117"],
    facts: { name: all, config: { [all]: TEXTS }, versions: { env: "1.0.0", scoring: "1.0.0", [all]: all } },
  });
  const episodes = await store.episodes();
  await addCalls(
    store,
    RUN,
    episodes.map(({ episodeId }, i) => ({
      episodeId,
      requestNo: i,
      end: { state: "failed", errorClass: TEXTS[i] ?? "", modelReturned: TEXTS[i] ?? "" },
    })),
  );
  await store.addEvent({ runId: RUN, at: episodes[0]?.startedAt ?? 0, type: "halt", data: { [all]: TEXTS } });
  await store.finishRun(RUN, { status: "halted", at: Date.now(), reason: all });
  await store.close();
});
afterAll(() => database.remove());

const db = ["--db", database.file];
const CALLS: readonly (readonly [string, (wiring: Wiring) => Command, readonly string[]])[] = [
  ["runs", runsCommand, []],
  ["show", showCommand, ["--attempts"]],
  ["leaderboard", leaderboardCommand, ["--columns", "all"]],
  ["leaderboard --columns tokens", leaderboardCommand, ["--columns", "tokens"]],
  ["leaderboard --by difficulty", leaderboardCommand, ["--by", "difficulty"]],
  ["leaderboard --by service", leaderboardCommand, ["--by", "service"]],
  ["leaderboard --by fault", leaderboardCommand, ["--by", "fault"]],
  ["leaderboard --by task", leaderboardCommand, ["--by", "task"]],
  ["leaderboard --by skill", leaderboardCommand, ["--by", "skill"]],
  ["leaderboard --by cost", leaderboardCommand, ["--by", "cost"]],
  ["compare", compareCommand, [`tools:${TEXTS[0]}`, `tools:${TEXTS[14]}`]],
  ["history", historyCommand, [TEXTS[14] as string]],
  ["verify", verifyCommand, []],
  ["rescore", rescoreCommand, []],
];

test.each(CALLS)("%s prints nothing that a terminal could act on", async (_, make, args) => {
  const { out, err } = await said(make, [...args, ...db]);
  expect(out.length).toBeGreaterThan(20);
  expect(out + err).not.toMatch(ACTS_ON_A_TERMINAL);
  // "two\nlines\r\nthree": what is quoted begins no line of its own.
  expect(out.split("\n").filter((line) => /^(?:lines|three)/.test(line))).toEqual([]);
});

test.each(CALLS)("%s --json holds every character and acts on no terminal", async (name, make, args) => {
  const { out } = await said(make, [...args, "--json", ...db]);
  expect(out).not.toMatch(ACTS_ON_A_TERMINAL);
  const text = JSON.stringify(JSON.parse(out));
  const wanted = name.startsWith("leaderboard") ? TEXTS : [];
  expect(wanted.filter((payload) => !text.includes(JSON.stringify(payload).slice(1, -1)))).toEqual([]);
});

test("explain is harmless for every one of them", async () => {
  for (const text of TEXTS) {
    const { out } = await said(explainCommand, ["--agent", `tools:${text}`, ...db]);
    expect(out).not.toMatch(ACTS_ON_A_TERMINAL);
    expect(out).not.toMatch(/^(?:lines|three)/m);
  }
});

test("complaints that quote a name are harmless as the program writes them", async () => {
  const error = (await said(compareCommand, ["\u001b[2Jx", "y", ...db]).catch((caught: Error) => caught)) as Error;
  expect(error.message).toContain("No agent");
  let text = "";
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((part) => ((text += String(part)), true));
  note(`error: ${error.message}`);
  spy.mockRestore();
  expect(text).not.toMatch(ACTS_ON_A_TERMINAL);
});

describe("files", () => {
  test("the Markdown page has no link, no image, no HTML and no control character of theirs", async () => {
    const { out } = await said(exportCommand, ["md", ...db]);
    expect(out).not.toMatch(ACTS_ON_A_TERMINAL);
    const prose = out.replaceAll(/(`+)(?:(?!\1).)+?\1(?!`)/g, "");
    expect(prose).not.toMatch(/[<>!]|\]\(|https?:|javascript:/);
    for (const line of out.split("\n").filter((one) => one.startsWith("|"))) expect(line).toMatch(/^\|.*\|$/);
  });

  test("no cell of the CSV begins a formula", async () => {
    const { out } = await said(exportCommand, ["csv", "--full", ...db]);
    const cells = out.match(/(?<=^|,|\r\n)(?:"(?:[^"]|"")*"|[^",\r\n]*)/g) ?? [];
    const risky = cells.map((cell) => cell.replace(/^"/, "")).filter((cell) => /^[=+@\t\r\0]|^-(?![\d.])/.test(cell));
    expect(risky).toEqual([]);
  });
});

const chromium = findChromium();
describe.skipIf(chromium === null)("the HTML page in a real browser", () => {
  test("asks for nothing, runs nothing, and shows the names as text", async () => {
    const { out } = await said(exportCommand, ["html", ...db]);
    const file = join(database.folder, "page.html");
    writeFileSync(file, out);
    const browser = await startChromium(chromium ?? "");
    const page = await browser.newPage();
    const events: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(pathToFileURL(file).href)) events.push(request.url());
    });
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => events.push("dialog")));
    page.on("console", (message) => events.push(message.text()));
    page.on("pageerror", (error) => events.push(error.message));
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    expect(events).toEqual([]);
    expect(await page.title()).not.toBe("owned");
    expect(
      await page.locator("script, img, iframe, object, [onload], [onerror], [href^='http'], [href^='java']").count(),
    ).toBe(0);
    expect(await page.locator("body").innerText()).toContain("<script>document.title='owned'</script>");
    await browser.close();
  });
});
