import { actionDef } from "./actions/index.ts";
import { SETTLE_TICKS } from "./actions/resolve-incident.ts";
import { restartService, setConfig } from "./change.ts";
import { failingGuards } from "./guards.ts";
import type { TouchedKey } from "./guards.ts";
import { runPhases } from "./onset.ts";
import { keyDef } from "./services/config.ts";
import { JUDGEMENT_WINDOW, redMask, redNames } from "./slo.ts";
import { cloneState } from "./snapshot.ts";
import type { State } from "./state.ts";
import { BUDGETS } from "./task.ts";
import type { FixStep, Sibling, Task } from "./task.ts";
import { runTicks } from "./tick.ts";

/** Green ticks in a row after which closing is not premature. */
const GREEN_TICKS = 2;
/** A responder looks at least twice after the last change. */
const FEWEST_LOOKS = 2;

/** Ticks that a careful responder lets pass after the reference fix. */
export const patienceAfterFix = (sibling: Sibling): number => Math.max(FEWEST_LOOKS, sibling.recovery_ticks);

/** Objectives that are missed, as names, when nobody acts until the budget is used up and judgement comes. */
export function leftIdle(task: Task, state: State): string[] {
  const idle = cloneState(state);
  runTicks(idle, BUDGETS[task.difficulty].steps + SETTLE_TICKS);
  return redNames(redMask(idle, JUDGEMENT_WINDOW));
}

/** What a set of steps leaves behind at judgement: objectives, guards, replay; empty when it cures for good. */
export function leftBy(sibling: Sibling, state: State, steps: readonly FixStep[], patience: number): string[] {
  const after = cloneState(state);
  const touched = applySteps(after, steps);
  runTicks(after, patience + SETTLE_TICKS);
  const left: string[] = [...redNames(redMask(after, JUDGEMENT_WINDOW)), ...failingGuards(after, touched)];
  if (left.length > 0 || !sibling.replay) return left;
  runPhases(after, sibling);
  return redMask(after, JUDGEMENT_WINDOW) === 0 ? [] : ["replay"];
}

/** Objectives that are still missed when a careful responder closes after a fix. */
export function leftAtClose(sibling: Sibling, state: State, fix: readonly FixStep[]): string[] {
  const after = cloneState(state);
  applySteps(after, fix);
  runTicks(after, patienceAfterFix(sibling));
  return redNames(redMask(after, GREEN_TICKS));
}

/** Whether a paged instance neither heals by itself nor resists its reference fix. */
export function isSound(task: Task, sibling: Sibling, state: State): boolean {
  if (leftIdle(task, state).length === 0) return false;
  const fix = sibling.fixes[0];
  if (fix === undefined) return true;
  return (
    leftBy(sibling, state, fix, patienceAfterFix(sibling)).length === 0 && leftAtClose(sibling, state, fix).length === 0
  );
}

/** Applies drawn steps, each with its ticks; returns the keys that were set. */
function applySteps(state: State, steps: readonly FixStep[]): TouchedKey[] {
  const touched: TouchedKey[] = [];
  for (const step of steps) {
    if ("wait" in step) {
      runTicks(state, step.wait);
      continue;
    }
    if (step.type === "restart_service") {
      restartService(state, step.service);
    } else {
      if (keyDef(step.service, step.key) === undefined)
        throw new RangeError(`Unknown key ${step.service}.${step.key}.`);
      if (typeof step.value === "object") throw new RangeError(`${step.service}.${step.key} has not been drawn.`);
      setConfig(state, step.service, step.key, step.value);
      touched.push({ service: step.service, key: step.key });
    }
    runTicks(state, actionDef(step.type).ticks);
  }
  return touched;
}
