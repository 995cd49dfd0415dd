import { derivedSeed, knowsSalt } from "../../verify/salt.ts";
import type { Build } from "../build.ts";
import { finalOf, isAnchor, taskIdsOf } from "../entry.ts";
import type { Entry } from "../entry.ts";
import { groupBy } from "../group-by.ts";
import { selectionOf } from "../selection.ts";
import { when } from "./rule.ts";
import type { Evidence, Rule } from "./rule.ts";

/** What was to be played. */
export const planRules: readonly Rule[] = [
  {
    code: "L01",
    wants: "a complete run of a frozen suite, under this build's versions",
    failures: ({ entry: { run, suite }, build }) => [
      ...when(run.status !== "complete", `The run is ${run.status}.`),
      ...when(!build.frozen, `Suite ${build.suite} is not frozen.`),
      ...when(suite?.manifestSha256 !== build.manifestSha256, "The suite's manifest is not this build's."),
      ...versionDifferences(run.versions, build),
    ],
  },
  {
    code: "L02",
    wants: "a whole suite or split, every trial of it, default budgets, seeds derived from one base seed",
    failures: (evidence) => [
      ...selectionFailures(evidence.entry),
      ...budgetFailures(evidence.entry),
      ...seedFailures(evidence),
    ],
  },
];

function versionDifferences(versions: Entry["run"]["versions"], build: Build): string[] {
  return [
    { what: "environment", stored: versions["env"], now: build.envVersion },
    { what: "scoring", stored: versions["scoring"], now: build.scoringVersion },
  ]
    .filter(({ stored, now }) => stored !== now)
    .map(({ what, stored, now }) => `Its ${what} version is ${String(stored)}, this build's is ${now}.`);
}

/** The tasks must be all of the suite's, or all of a split's; each with every trial. */
function selectionFailures(entry: Entry): string[] {
  const { run, suite, slots } = entry;
  const played = taskIdsOf([entry]);
  const isWhole = selectionOf(suite, played) !== null;
  const perTask = groupBy(slots, ({ specHash }) => specHash);
  // Anchors may play fewer trials than those they are compared with: L09 asks for them page by page.
  const trials = isAnchor(entry) ? 1 + Math.max(...slots.map(({ trial }) => trial)) : run.trials;
  const lacking = [...perTask.values()].filter(
    (own) => new Set(own.map(({ trial }) => trial)).size !== trials || own.some(({ trial }) => trial >= trials),
  );
  return [
    ...when(!isWhole, `It played ${played.size} tasks, which are neither the suite nor one of its splits.`),
    ...when(lacking.length > 0, `Tasks that do not have the run's ${trials} trials: ${lacking.length}.`),
  ];
}

/** A budget of our own that never cut an episode changed nothing. */
function budgetFailures(entry: Entry): string[] {
  const cut = finalOf(entry).filter(({ terminalReason }) => terminalReason === "token_limit").length;
  return when(cut > 0, `Episodes cut by a budget of tokens: ${cut}.`);
}

function seedFailures({ entry: { run, slots, specs }, salt }: Evidence): string[] {
  if (!knowsSalt(run, salt)) return [];
  const others = slots.filter(({ specHash, seed, trial }) => {
    const spec = specs.get(specHash);
    return spec === undefined || derivedSeed(run, spec, trial, salt) !== seed;
  });
  return when(others.length > 0, `Seeds that were not derived from base seed ${run.baseSeed}: ${others.length}.`);
}
