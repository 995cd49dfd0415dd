import { shows } from "../env/core/evidence.ts";
import { initial } from "../env/core/initial.ts";
import type { Instance } from "../env/core/initial.ts";
import { lookAt } from "../env/core/observation.ts";
import { cloneState } from "../env/core/snapshot.ts";
import { leftAtClose, leftBy, leftIdle, patienceAfterFix } from "../env/core/sound.ts";
import type { State } from "../env/core/state.ts";
import { BUDGETS } from "../env/core/task.ts";
import type { Evidence, FixStep, Task } from "../env/core/task.ts";
import { runTicks } from "../env/core/tick.ts";
import { readKey } from "../env/core/services/config.ts";
import type { ConfigValue } from "../env/core/services/keys.ts";

/** What is wrong with one instance of a task, and what to change. */
export interface Problem {
  readonly task: string;
  readonly seed: number;
  readonly sibling: number;
  readonly check: "sound" | "breach" | "lasts" | "fix" | "recovery" | "distractor" | "sibling" | "evidence" | "budget";
  readonly detail: string;
}

/** Ticks that a distractor gets before it is judged: as long as a patient responder would look on. */
const PATIENCE_TICKS = 8;

/**
 * Proves for one (task, seed, sibling): healthy before, breach after, still breached if nobody acts, cured by every
 * listed fix within the budgets, by no declared distractor, and by no other sibling's answer.
 * @returns what is wrong; empty when the instance is sound
 */
export function validateInstance(task: Task, seed: number, sibling: number): Problem[] {
  const problem = (check: Problem["check"], detail: string): Problem => ({
    task: task.id,
    seed,
    sibling,
    check,
    detail,
  });
  let made: ReturnType<typeof initial>;
  try {
    made = initial(task, seed, sibling);
  } catch (error) {
    return [problem("sound", error instanceof Error ? error.message : String(error))];
  }
  const { instance, state } = made;
  const problems: Problem[] = [];
  const report = (check: Problem["check"], detail: string): void => void problems.push(problem(check, detail));

  checkBreach(instance, state, report);
  if (instance.sibling.answer === "fix") {
    instance.sibling.fixes.forEach((fix, i) => checkFix(instance, state, fix, i, report));
    if (instance.sibling.fixes.length === 0) report("fix", "There is no reference fix.");
  }
  for (const steps of instance.sibling.distractors) {
    const left = leftBy(instance.sibling, state, steps, PATIENCE_TICKS);
    if (left.length === 0) report("distractor", `${describe(steps)} cures; make it a fix, or weaken it.`);
  }
  checkEvidence(instance, state, report);
  checkSiblings(task, instance, state, report);
  return problems;
}

type Report = (check: Problem["check"], detail: string) => void;

function checkBreach(instance: Instance, state: State, report: Report): void {
  const left = leftIdle(instance.task, state);
  if (instance.sibling.answer === "no_fault") {
    if (left.length > 0) report("lasts", "A false alarm turned into a real one.");
    return;
  }
  if (left.length === 0) report("lasts", "It heals by itself; make the fault stronger.");
}

function checkFix(instance: Instance, state: State, fix: readonly FixStep[], index: number, report: Report): void {
  const { sibling } = instance;
  const patience = patienceAfterFix(sibling);
  const left = leftBy(sibling, state, fix, patience);
  if (left.length > 0) report("fix", `${describe(fix)} leaves ${left.join(", ")}.`);
  const budget = BUDGETS[instance.task.difficulty];
  const changes = fix.filter((step) => !("wait" in step)).length;
  const waits = fix.reduce((sum, step) => sum + ("wait" in step ? step.wait : 0), 0);
  if (changes > budget.changes) report("budget", `${describe(fix)} needs ${changes} changes of ${budget.changes}.`);
  if (index > 0) return;
  const steps = sibling.needed.length + changes + waits + patience + 1;
  if (steps > budget.steps) report("budget", `${describe(fix)} needs ${steps} steps of ${budget.steps}.`);
  const red = leftAtClose(sibling, state, fix);
  if (red.length > 0) {
    report("recovery", `${patience} ticks after the fix ${red.join(", ")} is still red; raise recovery_ticks.`);
  }
}

/** Each needed item can be seen by looking at the right place right after the page. */
function checkEvidence(instance: Instance, state: State, report: Report): void {
  for (const item of instance.sibling.needed) {
    const after = cloneState(state);
    runTicks(after, 1);
    const seen = lookAt(instance, after, lookFor(item));
    if (seen === null || !shows(item, seen))
      report("evidence", `${JSON.stringify(item)} is not to be seen at the page.`);
  }
}

/** The observing action that an evidence item asks for. */
export function lookFor(item: Evidence) {
  switch (item.kind) {
    case "metrics":
      return { type: "inspect_metrics", service: item.service } as const;
    case "logs":
      return { type: "inspect_logs", service: item.service } as const;
    case "status":
      return { type: "check_status", service: item.service } as const;
    case "config":
      return { type: "inspect_config", service: item.service } as const;
  }
}

/** No sibling's whole answer (changes and diagnosis) succeeds here, and the evidence tells siblings apart. */
function checkSiblings(task: Task, instance: Instance, state: State, report: Report): void {
  task.siblings.forEach((_, other) => {
    if (other === instance.siblingIndex) return;
    const { instance: twin, state: twinState } = initial(task, instance.seed, other);
    // Two false alarms have the same answer, and nothing to tell them apart by.
    if (instance.sibling.answer === "no_fault" && twin.sibling.answer === "no_fault") return;
    const reference = twin.sibling.diagnosis[0];
    const sameAnswer = instance.sibling.diagnosis.some(
      ({ service, fault }) => service === reference?.service && fault === reference.fault,
    );
    const fix = twin.sibling.fixes[0] ?? [];
    if (sameAnswer && leftBy(instance.sibling, state, fix, PATIENCE_TICKS).length === 0) {
      report("sibling", `The answer of sibling ${other} is right here too.`);
    }
    const told = [...instance.sibling.needed, ...twin.sibling.needed].some(
      (item) => shownFor(instance, state, item) !== shownFor(twin, twinState, item),
    );
    if (!told) report("evidence", `No evidence tells it from sibling ${other}.`);
  });
}

/** What a look for an item shows: whether it is there or, for configuration, the value itself. */
function shownFor(instance: Instance, state: State, item: Evidence): ConfigValue {
  if (item.kind === "config") return readKey(state.config, item.service, item.key);
  const after = cloneState(state);
  runTicks(after, 1);
  const seen = lookAt(instance, after, lookFor(item));
  return seen !== null && shows(item, seen);
}

const describe = (steps: readonly FixStep[]): string =>
  steps
    .map((step) => {
      if ("wait" in step) return `wait ${step.wait}`;
      return step.type === "restart_service"
        ? `restart ${step.service}`
        : `${step.service}.${step.key} = ${JSON.stringify(step.value)}`;
    })
    .join(", then ");
