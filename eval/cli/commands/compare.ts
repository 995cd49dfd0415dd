import { Argument, Command, Option } from "commander";
import { compareEntries } from "../../compare/compare.ts";
import type { Comparison } from "../../compare/compare.ts";
import { differencesBetween } from "../../compare/comparable.ts";
import { findPair } from "../../compare/find.ts";
import { ASPECTS, pairsDifferingIn } from "../../compare/grid.ts";
import type { Aspect } from "../../compare/grid.ts";
import { UsageError } from "../../errors.ts";
import { labelsOf, readEntries } from "../../report/entry.ts";
import type { Entry } from "../../report/entry.ts";
import { count, decimal, pValue, signed } from "../../report/numbers.ts";
import type { ResultReader } from "../../report/reader.ts";
import { MIN_TASKS } from "../../stats/estimate.ts";
import type { PairedComparison } from "../../stats/paired.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { note, printJson, printLine } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";

interface CompareOptions {
  readonly run?: string;
  readonly by?: Aspect;
  readonly force?: true;
  readonly db: string;
  readonly json?: true;
}

/** `oncall compare A B`: two agents on the pages that both were given. */
export function compareCommand(wiring: Wiring): Command {
  return new Command("compare")
    .summary("two agents in pairs: on which incidents each succeeded, the difference, its interval and p")
    .description(
      "Aligns two agents on incident and seed and drops pages that one of them has no score for. An agent is named by " +
        "label, model or id, or as RUN/LABEL to take it from a certain run. Success is tested by McNemar's exact test " +
        "with one trial per task, otherwise, like the score, by flipping the signs of task differences. Results under " +
        "other suites, versions or salts are refused.",
    )
    .addArgument(new Argument("[a]", "an agent"))
    .addArgument(new Argument("[b]", "another"))
    .addOption(
      new Option("--by <aspect>", "all pairs of a run that differ in this and nothing else").choices(
        Object.keys(ASPECTS),
      ),
    )
    .option("--force", "compare although suite, versions or salt differ")
    .addOption(runOption())
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((a: string | undefined, b: string | undefined, options: CompareOptions) =>
      reading(wiring, options.db, async (store) => {
        const pairs = await pairsMeant(store, a, b, options);
        const labels = labelsOf([...new Set(pairs.flat())]);
        const label = ({ key, variant }: Entry): string => labels.get(key) ?? variant.label;
        if (options.force !== true) for (const [first, second] of pairs) refuseUnlike(first, second, label);
        const comparisons = pairs.map(([first, second]) =>
          compareEntries(first, second, { a: label(first), b: label(second) }),
        );
        if (options.json) return printJson(options.by === undefined ? comparisons[0] : comparisons);
        for (const comparison of comparisons) showComparison(comparison);
      }),
    );
}

async function pairsMeant(
  reader: ResultReader,
  a: string | undefined,
  b: string | undefined,
  { run: id, by }: CompareOptions,
): Promise<[Entry, Entry][]> {
  if (by !== undefined) {
    if (a !== undefined)
      throw new UsageError("--by takes all pairs of a run: name no agents.", `oncall compare --by ${by}`);
    const run = await findRun(reader, id);
    const pairs = pairsDifferingIn(await readEntries(reader, run), by);
    if (pairs.length === 0) throw new UsageError(`No two agents of run ${run.runId} differ in ${by} and nothing else.`);
    return pairs;
  }
  if (a === undefined || b === undefined) {
    throw new UsageError("Two agents are needed.", "oncall compare runbook expert, or oncall compare --by harness");
  }
  const runs = id === undefined ? await reader.runs() : [await findRun(reader, id)];
  return [await findPair(reader, [a, b], runs)];
}

/** Numbers under different rules compare nothing. */
function refuseUnlike(a: Entry, b: Entry, label: (entry: Entry) => string): void {
  const differences = differencesBetween(a, b);
  if (differences.length === 0) return;
  const listed = differences.map(({ what, a: inA, b: inB }) => `  ${what}: ${inA} and ${inB}`).join("\n");
  throw new UsageError(
    `${label(a)} and ${label(b)} were measured differently:\n${listed}\nTheir numbers do not compare; --force compares them all the same.`,
  );
}

function showComparison({ a, b, success, score, differences }: Comparison): void {
  for (const { what, a: inA, b: inB } of differences) note(`WARNING: ${what} differs: ${inA} and ${inB}.`);
  printLine(`A  ${a}`);
  printLine(`B  ${b}`);
  if (success.pairs === 0) {
    printLine("They share no page that was scored for both: another base seed, other tasks, or nothing was played.");
    return printLine(dropped(success));
  }
  const [both, onlyA, onlyB, neither] = [success.both, success.onlyA, success.onlyB, success.neither];
  printLine(`${count(success.pairs, "pair")} on ${count(success.difference.tasks, "task")}`);
  for (const [name, tasks] of [
    ["both", both],
    ["only A", onlyA],
    ["only B", onlyB],
    ["neither", neither],
  ] as const) {
    printLine(`${name.padEnd(8)} ${`${tasks.length}`.padStart(4)}  ${timesEach(tasks)}`);
  }
  printLine(`success  ${line(success, success.test === "mcnemar" ? "McNemar" : "sign flips")}`);
  printLine(`score    ${line(score, "sign flips")}`);
  printLine(`These pairs find a difference of ${decimal(success.smallestDetectable)} or more with 80 % power.`);
  printLine(dropped(success));
}

function line({ difference, pValue: p }: PairedComparison, test: string): string {
  const { value, lower, upper, tasks } = difference;
  const why = tasks < MIN_TASKS ? "no interval under five tasks" : "no interval: it is the same on every task";
  const interval = lower === null ? why : `95 % ${signed(lower)} to ${signed(upper)}`;
  return `A − B = ${signed(value)} (${interval}), p ${pValue(p)} (${test})`;
}

/** `inc-101 ×2, inc-102`: a task stands once for each page of it. */
function timesEach(tasks: readonly string[]): string {
  const times = new Map<string, number>();
  for (const task of tasks) times.set(task, (times.get(task) ?? 0) + 1);
  return [...times].map(([task, n]) => (n === 1 ? task : `${task} ×${n}`)).join(", ");
}

function dropped({ missingA, missingB, missingBoth }: PairedComparison): string {
  const total = missingA + missingB + missingBoth;
  if (total === 0) return "No page was dropped.";
  return `Dropped: ${count(total, "page")}: ${missingA} without a score of A, ${missingB} of B, ${missingBoth} of either.`;
}
