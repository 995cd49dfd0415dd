import { Argument, Command } from "commander";
import { allEntries, historyOf, isMeant } from "../../compare/history.ts";
import type { HistoryEntry } from "../../compare/history.ts";
import { UsageError } from "../../errors.ts";
import { timeText } from "../../report/facts.ts";
import { ABSENT, interval, pValue, signed } from "../../report/numbers.ts";
import { dollars } from "../../report/use.ts";
import { dbOption, jsonOption } from "../options.ts";
import { print, printJson, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall history MODEL`: one model or agent over time and versions. */
export function historyCommand(wiring: Wiring): Command {
  return new Command("history")
    .summary("one model or agent, run by run")
    .description(
      "Every run that had it, the oldest first, with the versions that its numbers hold under. A change is stated only " +
        "against the last run that it compares with, in pairs on the incidents that both had.",
    )
    .addArgument(new Argument("<model>", "a model, an agent's label, or the beginning of a variant's id"))
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((name: string, { db, json }: { db: string; json?: true }) =>
      reading(wiring, db, async (store) => {
        const entries = await allEntries(store);
        const history = historyOf(entries, (entry) => isMeant(entry, name));
        if (history.length === 0) {
          const known = [...new Set(entries.map(({ variant }) => variant.label))].join(", ");
          throw new UsageError(`No run has "${name}". Stored: ${known || "nothing"}.`);
        }
        if (json) return printJson(history.map(asJson));
        show(history);
      }),
    );
}

function show(history: readonly HistoryEntry[]): void {
  printTable(
    [
      "at",
      "run",
      "agent",
      "version",
      "suite",
      "env",
      "scoring",
      "score [95 %]",
      "success [95 %]",
      "n",
      "cost",
      "change of score",
    ],
    history.map(({ entry: { run, variant }, summary: { metrics, scored, planned, use }, since }) => [
      timeText(run.createdAt).slice(0, 10),
      run.runId,
      variant.label,
      variant.modelVersion ?? variant.harnessVersion,
      `${run.suite}@${run.suiteVersion}`,
      versionOf(run.versions["env"]),
      versionOf(run.versions["scoring"]),
      interval(metrics.mean_score),
      interval(metrics.success_rate),
      scored === planned ? `${scored}` : `${scored} of ${planned}`,
      dollars(use.totalCostUusd, use.unpriced) ?? ABSENT,
      since === null ? ABSENT : changeOf(since.comparison.score),
    ]),
  );
  print("A change is against the last run before it that compares with it. p is not adjusted for looking often.");
}

const versionOf = (version: unknown): string => (typeof version === "string" ? version : ABSENT);

const changeOf = ({ difference, pValue: p }: NonNullable<HistoryEntry["since"]>["comparison"]["score"]): string =>
  `${signed(difference.value)} (p ${pValue(p)})`;

const asJson = ({ entry: { run, variant }, summary, since }: HistoryEntry) => ({
  run_id: run.runId,
  at: timeText(run.createdAt),
  label: variant.label,
  variant_id: variant.variantId,
  model: variant.model,
  model_version: variant.modelVersion,
  suite: `${run.suite}@${run.suiteVersion}`,
  versions: run.versions,
  ...summary,
  since,
});
