import { actionDef } from "../../env/core/actions/index.ts";
import type { Remedy } from "../../env/core/actions/index.ts";
import { SETTLE_TICKS } from "../../env/core/actions/resolve-incident.ts";
import { declaredOutage, restartService, setConfig } from "../../env/core/change.ts";
import { initial } from "../../env/core/initial.ts";
import { isShedding } from "../../env/core/right.ts";
import { levelsAt, LIVE_WINDOW, OBJECTIVES, worstLevel } from "../../env/core/slo.ts";
import { cloneState } from "../../env/core/snapshot.ts";
import { patienceAfterFix } from "../../env/core/sound.ts";
import type { State } from "../../env/core/state.ts";
import type { FixStep, Task } from "../../env/core/task.ts";
import { runTicks } from "../../env/core/tick.ts";

/** A fix may leave an objective this much worse than it would be without, as a share. */
export const MOST_WORSE = 0.1;
/** The objectives' windows still hold what was shed. */
const SHEDDING_ENDS_TICKS = 4;

/** Where a reference fix was worst for users. */
export interface Setback {
  readonly objective: string;
  /** Ticks after the fix began. */
  readonly tick: number;
  /** Share by which it was worse than the twin's objective was in its window. */
  readonly worse: number;
}

/**
 * The worst tick of the reference fix beside the twin that nobody touches: the twin's objective as the pager knows it,
 * over its window, since an overloaded replica swings from tick to tick. A declared outage of a restart, and load shed
 * until the limit is set again, are excepted. For the latency percentile one tick alone does not count: requests that
 * failed fast are answered again, late, before the queues are empty.
 * @returns null where the answer is no change
 */
export function worstSetback(task: Task, seed: number, sibling: number): Setback | null {
  const { instance, state } = initial(task, seed, sibling);
  const [fix] = instance.sibling.fixes;
  if (fix === undefined) return null;
  const isShed = (step: Remedy) => isShedding(instance.sibling, step);
  const { levels, excused } = courseOf(state, fix, isShed, patienceAfterFix(instance.sibling));
  const twin = cloneState(state);
  const before = OBJECTIVES.map(() => 0);
  let worst: Setback = { objective: "none", tick: 0, worse: 0 };
  levels.forEach((reached, tick) => {
    runTicks(twin, 1);
    OBJECTIVES.forEach(({ name, unit }, slo) => {
      const untouched = worstLevel(twin, slo, LIVE_WINDOW);
      const now = excused[tick] === true ? 0 : worsening(slo, reached[slo] as number, untouched);
      const worse = unit === "ms" ? Math.min(now, before[slo] as number) : now;
      before[slo] = now;
      if (worse > worst.worse) worst = { objective: name, tick, worse };
    });
  });
  return worst;
}

/**
 * By what share a level is worse than another: of good answers where the objective is a ratio, of the value for times.
 * Nothing is worse that holds its objective.
 */
function worsening(slo: number, level: number, untouched: number): number {
  const { unit, direction, objective } = OBJECTIVES[slo] as (typeof OBJECTIVES)[number];
  if (unit !== "ratio") return level / Math.max(untouched, objective) - 1;
  const good = (value: number) => (direction === "at_least" ? value : 1 - value);
  return 1 - good(level) / Math.min(good(untouched), good(objective));
}

/** Tick by tick: the level of every objective, and whether users were bound to feel the fix. */
interface Course {
  readonly levels: readonly (readonly number[])[];
  readonly excused: readonly boolean[];
}

/** From the first step of a fix until judgement. */
function courseOf(start: State, fix: readonly FixStep[], isShed: (step: Remedy) => boolean, patience: number): Course {
  const state = cloneState(start);
  const levels: number[][] = [];
  const excused: boolean[] = [];
  let excusedUntil = 0;
  let shedding: string | null = null;
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i += 1) {
      runTicks(state, 1);
      excused.push(shedding !== null || levels.length < excusedUntil);
      levels.push(levelsAt(state, 0));
    }
  };
  for (const step of fix) {
    if ("wait" in step) {
      run(step.wait);
      continue;
    }
    const action = step as Remedy;
    if (action.type === "restart_service") {
      excusedUntil = levels.length + declaredOutage(action.service);
      restartService(state, action.service);
    } else {
      const name = `${action.service}.${action.key}`;
      if (shedding === name) {
        shedding = null;
        excusedUntil = levels.length + SHEDDING_ENDS_TICKS;
      }
      if (isShed(action)) shedding = name;
      setConfig(state, action.service, action.key, action.value);
    }
    run(actionDef(action.type).ticks);
  }
  run(patience + SETTLE_TICKS);
  return { levels, excused };
}
