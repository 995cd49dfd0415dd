import type { Task } from "../../env/core/task.ts";
import type { InstanceProblem, Wiring } from "../cli/wiring.ts";

/** Validates a task in all its causes, each at the seeds from 0 on. */
export function validateTask(task: Task, seeds: number, validate: Wiring["validateInstance"]): InstanceProblem[] {
  const found: InstanceProblem[] = [];
  for (let sibling = 0; sibling < task.siblings.length; sibling += 1) {
    for (let seed = 0; seed < seeds; seed += 1) found.push(...validate(task, seed, sibling));
  }
  return found;
}

/** One line for each thing that is wrong, with the seeds it is wrong at: `x cause 2: fix: … (3 of 20 seeds, first 4)`. */
export function summarised(problems: readonly InstanceProblem[], seeds: number): string[] {
  const found = new Map<string, { readonly first: number; count: number }>();
  for (const { task, seed, sibling, check, detail } of problems) {
    const what = `${task} cause ${sibling + 1}: ${check}: ${detail.replaceAll(/ for seed \d+/g, "")}`;
    const known = found.get(what);
    if (known === undefined) found.set(what, { first: seed, count: 1 });
    else known.count += 1;
  }
  return [...found].map(([what, { first, count }]) => `${what} (${count} of ${seeds} seeds, first ${first})`);
}

/** What to change for each kind of problem that was found. */
export const adviceFor = (problems: readonly InstanceProblem[]): string[] =>
  [...new Set(problems.map(({ check }) => check))].map(
    (check) => `${check}: ${ADVICE[check] ?? "See tasks/README.md."}`,
  );

const ADVICE: Readonly<Record<string, string>> = {
  sound:
    "healthy before the onset and pages_on red at the page is what is wanted. Make the fault stronger, raise load, " +
    "lengthen onset, or page on another objective; if it is red too early, weaken what is standing.",
  lasts: "it must stay red until the step budget is used up. Make the fault stronger, or name it no_fault.",
  fix: "the fix must leave every objective green and no guard failing. Set a safer value, add a step or a wait.",
  recovery: "raise recovery_ticks until the panel is green that long after the fix.",
  distractor: "this cures. Move it to fixes and accepted, or make the fault stronger.",
  sibling: "two causes share fix and diagnosis. Change one of them until its fix fails for the other.",
  evidence: "name what does show: a row that moved by 6 %, a log line that is written, a key whose value differs.",
  budget: "shorten needed, fixes or recovery_ticks, or choose a rubric of a higher band.",
};
