import { scoredOf } from "../entry.ts";
import type { Entry } from "../entry.ts";
import { percent, when } from "./rule.ts";
import type { Rule, StepTally } from "./rule.ts";

const LEAST_COVERAGE = 0.98;
const MOST_FAILED_CALLS = 0.2;
const MOST_REPEATED = 0.1;
const MOST_CUTS = 0.02;

/** How much was measured, and how undisturbed. */
export const measurementRules: readonly Rule[] = [
  {
    code: "L03",
    wants: `at least ${percent(LEAST_COVERAGE)} of the episodes scored, and every task`,
    failures: ({ entry }) => coverageFailures(entry),
  },
  {
    code: "L04",
    wants: "no error of the harness",
    failures: ({ entry }) => {
      const errors = entry.attempts.filter(({ outcome }) => outcome === "harness_error").length;
      return when(errors > 0, `Attempts that ended in an error of the harness: ${errors}.`);
    },
  },
  {
    code: "L05",
    wants: `at most ${percent(MOST_FAILED_CALLS)} failed calls and ${percent(MOST_REPEATED)} repeated episodes`,
    failures: ({ entry }) => retryFailures(entry),
  },
  {
    code: "L06",
    wants: `cuts of our own (filtered, truncated, time limit) at most ${percent(MOST_CUTS)} each`,
    failures: ({ entry, steps }) => cutFailures(entry, steps),
  },
];

function coverageFailures(entry: Entry): string[] {
  const scored = scoredOf(entry);
  const planned = entry.slots.length;
  const tasks = new Set(entry.slots.map(({ specHash }) => specHash));
  const without = tasks.size - new Set(scored.map(({ specHash }) => specHash)).size;
  return [
    ...when(
      planned === 0 || scored.length / planned < LEAST_COVERAGE,
      `${scored.length} of ${planned} episodes are scored.`,
    ),
    ...when(without > 0, `Tasks without a scored episode: ${without}.`),
  ];
}

function retryFailures({ attempts, slots }: Entry): string[] {
  const calls = attempts.reduce((sum, { providerCalls }) => sum + providerCalls, 0);
  const failed = attempts.reduce((sum, { providerFailures }) => sum + providerFailures, 0);
  const repeated = slots.filter((slot) => slot.attempts > 1).length;
  return [
    ...when(calls > 0 && failed / calls > MOST_FAILED_CALLS, `${failed} of ${calls} calls failed.`),
    ...when(
      slots.length > 0 && repeated / slots.length > MOST_REPEATED,
      `${repeated} of ${slots.length} episodes were repeated.`,
    ),
  ];
}

function cutFailures(entry: Entry, steps: StepTally): string[] {
  const scored = scoredOf(entry);
  const late = scored.filter(({ terminalReason }) => terminalReason === "time_limit").length;
  return [
    { what: "steps were filtered", cuts: steps.filtered, of: steps.all },
    { what: "steps were truncated", cuts: steps.truncated, of: steps.all },
    { what: "episodes ran into the time limit", cuts: late, of: scored.length },
  ]
    .filter(({ cuts, of }) => of > 0 && cuts / of > MOST_CUTS)
    .map(({ what, cuts, of }) => `${cuts} of ${of} ${what}.`);
}
