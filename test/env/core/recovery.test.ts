import { describe, expect, test } from "vitest";
import { restartService, setConfig } from "../../../env/core/change.ts";
import { shows } from "../../../env/core/evidence.ts";
import type { Look } from "../../../env/core/evidence.ts";
import { initial } from "../../../env/core/initial.ts";
import type { Instance } from "../../../env/core/initial.ts";
import { lookAt } from "../../../env/core/observation.ts";
import { readKey } from "../../../env/core/services/config.ts";
import type { ConfigValue } from "../../../env/core/services/keys.ts";
import { JUDGEMENT_WINDOW, redNames, redMask } from "../../../env/core/slo.ts";
import { cloneState } from "../../../env/core/snapshot.ts";
import type { State } from "../../../env/core/state.ts";
import type { Evidence } from "../../../env/core/task.ts";
import { firstRow, historyValue, metricRows } from "../../../env/core/telemetry/history.ts";
import { runTicks } from "../../../env/core/tick.ts";
import { lookFor } from "../../../tasks/validate.ts";
import { everySibling } from "../../helpers.ts";

type MetricsEvidence = Extract<Evidence, { kind: "metrics" }>;

/** Half an hour: backlogs have drained and caches are warm. */
const LATER_TICKS = 120;
/** How much of its distance from yesterday an abnormal row must lose. */
const LOST = 0.25;

/** Facts that a cure does not undo: what is stored stays stored, and a process stays as young as it is. */
const LASTING: ReadonlySet<string> = new Set(["disk_used_gb", "working_set_mb", "uptime_s"]);
/** Rows that were off for another reason, which is harmless and stays: a lifetime that somebody else had cut. */
const BESIDE: ReadonlySet<string> = new Set(["inc-122 hit_ratio"]);
/** Where the cure drains a sick host: it stays sick, and the others keep its share. */
const DRAINING: ReadonlySet<string> = new Set(["degraded_host"]);
/** Lines that tell what goes on, well or not: poison is still poison, and an export that ran says so. */
const HARMLESS_LINES: ReadonlySet<string> = new Set(["poison", "export_200"]);

/** The state after the reference fix and half an hour. */
function cured(instance: Instance, page: State): State {
  const state = cloneState(page);
  for (const step of instance.sibling.fixes[0] ?? []) {
    if ("wait" in step) runTicks(state, step.wait);
    else if (step.type === "restart_service") restartService(state, step.service);
    else setConfig(state, step.service, step.key, step.value as ConfigValue);
    runTicks(state, 4);
  }
  runTicks(state, LATER_TICKS);
  return state;
}

/** Rows that a piece of evidence names, by their place among those of the service. */
const rowsOf = ({ service, rows }: MetricsEvidence): number[] =>
  metricRows[service].flatMap(({ name }, row) =>
    rows.includes(name) || rows.includes(name.replace(/\{web-\d\}$/, "{host}")) ? [firstRow[service] + row] : [],
  );

/** How far a row is from yesterday, without the noise of the display. */
const distance = (state: State, row: number): number =>
  Math.abs(historyValue(state, row, 0) - historyValue(state, row, 3));

/** Whether some row that was off is nearer to yesterday now. */
const returns = (before: State, after: State, item: MetricsEvidence): boolean =>
  rowsOf(item).some((row) => distance(before, row) > 0 && distance(after, row) <= (1 - LOST) * distance(before, row));

const isDrained = ({ sibling }: Instance): boolean => sibling.diagnosis.some(({ fault }) => DRAINING.has(fault));

/** What is wrong with how a piece of evidence looks after the cure; empty when it is as it should be. */
function unchanged(instance: Instance, item: Evidence, before: State, after: State): string {
  const now = lookAt(instance, after, lookFor(item)) as Look;
  switch (item.kind) {
    case "metrics":
      if (item.shows === "normal") return shows(item, now) ? "" : "is no longer normal";
      if (
        item.rows.some(
          (row) =>
            LASTING.has(row) ||
            BESIDE.has(`${instance.task.id} ${row}`) ||
            (row.endsWith("{host}") && isDrained(instance)),
        )
      )
        return "";
      return returns(before, after, item) ? "" : "does not return towards yesterday";
    case "logs": {
      const past = instance.sibling.past.some(({ line }) => line === item.line);
      return past || HARMLESS_LINES.has(item.line) || !shows(item, now) ? "" : "is still logged";
    }
    case "status":
      return shows(item, now) === (item.shows === "up") ? "" : `reports ${JSON.stringify(now.data)}`;
    case "config": {
      const touched = (instance.sibling.fixes[0] ?? []).some(
        (step) => "key" in step && step.service === item.service && step.key === item.key,
      );
      const [value, later] = [before, after].map((state) => readKey(state.config, item.service, item.key));
      return (value !== later) === touched ? "" : `was ${String(value)}, is ${String(later)}`;
    }
  }
}

describe("after the reference fix, the telemetry that gave the cause away changes", () => {
  const fixed = everySibling.filter(({ definition }) => definition.answer === "fix");

  test.for(fixed.map((one) => [one.name, one] as const))("%s", ([, { task, sibling }]) => {
    const { instance, state } = initial(task, 4, sibling);
    const after = cured(instance, state);
    const atPage = cloneState(state);
    runTicks(atPage, 1);
    expect(redNames(redMask(after, JUDGEMENT_WINDOW))).toEqual([]);
    const wrong = instance.sibling.needed.flatMap((item) => {
      const problem = unchanged(instance, item, atPage, after);
      return problem === "" ? [] : [`${JSON.stringify(item)} ${problem}`];
    });
    expect(wrong).toEqual([]);
  });
});
