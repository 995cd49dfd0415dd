import { Argument, Command } from "commander";
import { explain } from "../../explain/explain.ts";
import type { Explanation } from "../../explain/explain.ts";
import { findEpisode } from "../../explain/find.ts";
import { ABSENT, count, decimal, signed } from "../../report/numbers.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption, runOption, wholeNumber } from "../options.ts";
import { print, printJson, printLine, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";

interface ExplainOptions {
  readonly run?: string;
  readonly agent?: string;
  readonly taskId?: string;
  readonly trial?: number;
  readonly db: string;
  readonly json?: true;
}

/** `oncall explain EPISODE`: one episode in six answers. */
export function explainCommand(wiring: Wiring): Command {
  return new Command("explain")
    .summary("one episode: what it inspected, saw and changed, whether that was right, and whether to trust the number")
    .description(
      "Plays the stored actions once more with the hidden side open. It names the cause: never show it to who plays. " +
        "Without an id, --agent, --task-id and --trial find the episode in a run.",
    )
    .addArgument(new Argument("[episode]", "an id or its beginning; show --attempts lists them"))
    .option("--agent <label>", "who played")
    .option("--task-id <id>", "which incident")
    .option("--trial <n>", "which trial, from 0", wholeNumber(0))
    .addOption(runOption())
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((id: string | undefined, { run, agent, taskId, trial, db, json }: ExplainOptions) =>
      reading(wiring, db, async (store) => {
        const { runId } = await findRun(store, run);
        const explanation = await explain(store, await findEpisode(store, { id, runId, agent, taskId, trial }));
        if (json) return printJson(explanation);
        for (const answer of ANSWERS) answer(explanation);
      }),
    );
}

const yes = (holds: boolean): string => (holds ? "yes" : "no");
const list = (items: readonly string[], none = "none"): string => (items.length === 0 ? none : items.join(", "));

const ANSWERS: readonly ((explanation: Explanation) => void)[] = [
  heading,
  inspected,
  evidence,
  distractors,
  fix,
  resolution,
  reliability,
];

function heading({ entry }: Explanation): void {
  const { episodeId, variantLabel, taskId, difficulty, seed, trial, attempt, outcome, score } = entry;
  printLine(`Episode ${episodeId}: ${variantLabel} on ${taskId} (${difficulty}), seed ${seed}, trial ${trial}`);
  const end = entry.terminalReason ?? entry.errorClass ?? "no end";
  printLine(
    `Attempt ${attempt}: ${outcome ?? "running"}, ${end}, score ${decimal(score)}, ${count(entry.steps, "step")}`,
  );
}

function inspected({ inspected: looks, invalid, evidence: items }: Explanation): void {
  print("\n1. What did it inspect?");
  if (looks.length === 0) printLine("Nothing.");
  else {
    printTable(
      ["step", "min", "action", "answer", "showed"],
      looks.map(({ step, minutes, action, answer, shows }) => [
        `${step}`,
        decimal(minutes),
        action,
        answer,
        list(
          shows.map((i) => items[i]?.item ?? ABSENT),
          "",
        ),
      ]),
    );
  }
  for (const { step, action, answer } of invalid) {
    printLine(`step ${step} was no valid action: ${action === "" ? "nothing" : action}: ${answer}`);
  }
}

function evidence({ evidence: items, entry }: Explanation): void {
  print("\n2. What evidence did it get?");
  printTable(
    ["needed", "seen at step", "counts"],
    items.map(({ item, seenAtStep, counts }) => [
      item,
      seenAtStep === null ? "never" : `${seenAtStep}`,
      counts ? "yes" : seenAtStep === null ? "no" : "no: after the first change",
    ]),
  );
  printLine(`Coverage ${decimal(entry.evidenceCoverage)}.`);
}

function distractors({ changes }: Explanation): void {
  print("\n3. Which distractors did it follow?");
  if (changes.length === 0) return printLine("It changed nothing.");
  printTable(
    ["step", "min", "change", "judged", "did harm", "missed afterwards"],
    changes.map(({ step, minutes, action, right, distractor, harmful, red }) => [
      `${step}`,
      decimal(minutes),
      action,
      right ? "right" : distractor ? "a distractor" : "wrong",
      yes(harmful),
      list(red),
    ]),
  );
  const followed = changes.filter(({ distractor }) => distractor).map(({ action }) => action);
  printLine(`Declared distractors followed: ${list(followed)}.`);
}

function fix({ fix: { wanted, reference, right, mitigated, durable, ...judged }, changes }: Explanation): void {
  print("\n4. Was the fix right?");
  const waits = reference.map((step) => (typeof step === "number" ? `look ${count(step, "time")}` : step));
  printLine(wanted ? `The reference: ${list(waits)}.` : "Nothing was to be changed.");
  if (wanted) printLine(`A right change was made: ${yes(right)}.`);
  else printLine(`Nothing was changed: ${yes(changes.length === 0)}.`);
  printLine(`Mitigated: ${yes(mitigated)}. Durable: ${yes(durable)}.`);
  printLine(`Missed at the page: ${list(judged.redAtPage)}. At judgement: ${list(judged.redAtJudgement)}.`);
  if (judged.guardsFailed.length > 0) printLine(`Guards failed: ${list(judged.guardsFailed)}.`);
  if (judged.replaySurvived !== null) printLine(`Held when the trigger struck again: ${yes(judged.replaySurvived)}.`);
}

function resolution({
  resolution: { diagnosis, diagnosed, resolved, success, points, ended, referenceClose },
  entry,
}: Explanation): void {
  print("\n5. Was the incident resolved?");
  if (!entry.scored)
    printLine(`It broke off (${entry.outcome ?? "running"}) and was not scored; this is how it stood.`);
  printLine(`Ended by: ${ended}. Closed with: ${diagnosis.given ?? "nothing"}. Accepted: ${list(diagnosis.accepted)}.`);
  printLine(`The reference closes with ${referenceClose}.`);
  printLine(`Right diagnosis: ${yes(diagnosed)}. Resolved: ${yes(resolved)}. Success: ${yes(success)}.`);
  if (!entry.scored) return;
  const given = Object.entries(points).filter(([, value]) => value !== 0);
  printLine(`Points: ${list(given.map(([part, value]) => `${part} ${signed(value, 3)}`))}.`);
}

function reliability({ reliability: facts, entry }: Explanation): void {
  print("\n6. Did the evaluator run reliably?");
  const { mismatches } = facts;
  printLine(
    mismatches.length === 0
      ? "A replay gives the same observations, rewards, hash and verdict."
      : `A replay gives something else: ${mismatches.map(({ what, detail }) => `${what}: ${detail}`).join("; ")}.`,
  );
  printLine(
    `Attempts at this page: ${facts.attempts.map(({ attempt, outcome, counts }) => `${attempt} ${outcome}${counts ? "" : " (does not count)"}`).join(", ")}.`,
  );
  if (entry.errorDetail !== null) printLine(`What went wrong: ${entry.errorDetail}`);
  printLine(
    `Calls to a provider: ${facts.calls}, failed: ${tally(facts.failures)}. Models that answered: ${list(facts.models)}.`,
  );
  printLine(
    `Replies without a usable action: ${tally(facts.invalid)}. Help from the harness: ${tally(facts.assists)}. Replies with more than one action: ${facts.extraToolCalls}.`,
  );
  printLine(
    `Time: ${seconds(facts.wallMs)} in all, ${seconds(facts.workingMs)} working, ${seconds(facts.waitingMs)} waiting.`,
  );
  if (facts.events.length > 0) printLine(`Meanwhile: ${list(facts.events)}.`);
}

const tally = (counts: Readonly<Record<string, number>>): string =>
  list(Object.entries(counts).map(([name, n]) => `${name} ${n}`));

const seconds = (ms: number | null): string => (ms === null ? ABSENT : `${(ms / 1000).toFixed(1)} s`);
