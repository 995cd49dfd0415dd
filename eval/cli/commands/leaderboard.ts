import { Command, Option } from "commander";
import type { RunRecord } from "../../../env/store/store.ts";
import { comparisonKey, isRanked, reasonsOf, TABLES, unrankedRows } from "../../report/board.ts";
import type { Board, TableName, UnrankedRow } from "../../report/board.ts";
import { boardJson } from "../../report/board-json.ts";
import { causesOf, slicesOf, SLICINGS } from "../../report/slices.ts";
import type { Slice, Slicing } from "../../report/slices.ts";
import { compositesOf } from "../../report/composites.ts";
import { skillsOf } from "../../report/skills.ts";
import { powerSentence } from "../../report/power.ts";
import { costText, slicesText, skillsText, taskText } from "../leaderboard-views.ts";
import { COLUMN_SETS, rowsText } from "../leaderboard-table.ts";
import type { ColumnSet } from "../leaderboard-table.ts";
import { count } from "../../report/numbers.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { print, printJson, printLine } from "../output.ts";
import { allRunsOption, findRuns, reading, saltOption } from "../reading.ts";
import { replayedBoard } from "../replaying.ts";
import type { Wiring } from "../wiring.ts";
import type { ResultReader } from "../../report/reader.ts";

const VIEWS = [...SLICINGS, "skill", "cost"] as const;
type View = (typeof VIEWS)[number];

interface BoardOptions {
  readonly run?: string;
  readonly all?: true;
  readonly by?: View;
  readonly columns: ColumnSet;
  readonly replay: boolean;
  readonly salt?: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall leaderboard`: who played, ranked as far as the episodes can tell, and why some are not ranked. */
export function leaderboardCommand(wiring: Wiring): Command {
  return new Command("leaderboard")
    .summary("the agents of a run, ranked, with intervals; and those that cannot be ranked")
    .description(
      "Mean score and success with 95 % intervals over tasks. A rank such as 1–2 means that the episodes do not " +
        "separate these agents; differences are tested in pairs on equal incidents. An agent is ranked when ten " +
        "conditions hold (L01 to L10), the last of which replays every episode, once for each state of the database; " +
        "otherwise its codes are listed. " +
        "Anchors, assisted agents and people have tables of their own.",
    )
    .addOption(new Option("--by <what>", "cut results, or show another side of them").choices(VIEWS))
    .addOption(new Option("--columns <set>", "which columns").choices(COLUMN_SETS).default("scores"))
    .option("--no-replay", "leave out the replay, and with it condition L10")
    .addOption(runOption())
    .addOption(allRunsOption())
    .addOption(dbOption())
    .addOption(saltOption())
    .addOption(jsonOption())
    .action((options: BoardOptions) =>
      reading(wiring, options.db, async (store) => {
        const runs = await findRuns(store, options, (a, b) => comparisonKey(a) === comparisonKey(b));
        if (options.by !== undefined) return showView(store, runs, options.by, options.json === true);
        const board = await replayedBoard(wiring, store, runs, { ...options, remembering: options.db });
        if (options.json) return printJson(boardJson(board));
        showBoard(board, options.columns);
      }),
    );
}

function showBoard(board: Board, columns: ColumnSet): void {
  printLine(headline(board));
  for (const table of TABLES) {
    const ranked = board.rows.filter((row) => row.table === table && isRanked(row));
    if (ranked.length === 0) continue;
    print(`\n${TITLES[table]}`);
    print(rowsText(ranked, columns));
    const tied = ranked.filter(({ tiedForFirst }) => tiedForFirst).map(({ label }) => label);
    if (tied.length > 1) printLine(`Not separable from the best: ${tied.join(", ")}.`);
  }
  const unranked = board.rows.filter((row) => !isRanked(row));
  if (unranked.length > 0) {
    print("\nNot ranked");
    print(rowsText(unranked, columns));
  }
  for (const line of reasonsOf(board.rows)) printLine(line);
  for (const { label, badges } of board.rows) for (const badge of badges) printLine(`${label}: ${badge}.`);
  if (board.unchecked.length > 0) print("L10 was not checked: the episodes were not replayed.");
  print(powerSentence(board.rows));
}

const TITLES: Readonly<Record<TableName, string>> = {
  agents: "Ranked",
  assisted: "Assisted: replies were repaired, or the runbook stepped in",
  human: "People",
  anchors: "Anchors: they hold the scale, and are ranked among themselves only",
};

function headline({ runs }: Board): string {
  const [run] = runs;
  if (run === undefined || runs.length > 1) return `${count(runs.length, "run")} of ${run?.suite}@${run?.suiteVersion}`;
  return `Run ${run.runId}, ${run.suite}@${run.suiteVersion}, ${count(run.trials, "trial")}, ${run.status}`;
}

async function showView(reader: ResultReader, runs: readonly RunRecord[], by: View, json: boolean): Promise<void> {
  const rows = await unrankedRows(reader, runs);
  const show = <Data>(data: Data, text: (data: Data) => string): void => (json ? printJson(data) : print(text(data)));
  if (by === "cost") return json ? printJson(rows.map(costJson)) : print(costText(rows));
  const causeOf = causesOf(rows.map(({ entry }) => entry));
  if (by !== "skill") return show(slicesOf(rows, by, causeOf), (slices) => textOf(by, slices));
  const composites = await Promise.all(rows.map(({ entry, label }) => compositesOf(reader, entry, label)));
  show({ skills: skillsOf(rows, causeOf), composites }, (shown) => skillsText(shown.skills, shown.composites));
}

const textOf = (by: Slicing, slices: readonly Slice[]): string =>
  by === "task" ? taskText(slices) : slicesText(by, slices);

const costJson = ({ label, summary: { use, successes, scored } }: UnrankedRow) => ({
  label,
  successes,
  scored,
  ...use,
});
