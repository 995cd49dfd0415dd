import type { Action } from "./actions/index.ts";
import { pageFor } from "./alerts.ts";
import type { Alert } from "./alerts.ts";
import type { Look } from "./evidence.ts";
import type { Instance } from "./initial.ts";
import { significant } from "./maths.ts";
import { hashText } from "./rng.ts";
import { LIVE_WINDOW, OBJECTIVES, holdsAt, worstLevel } from "./slo.ts";
import type { State } from "./state.ts";
import { elapsedSeconds } from "./telemetry/clock.ts";
import { readConfig, readHistory } from "./telemetry/config.ts";
import { logLines, readLogs } from "./telemetry/logs.ts";
import { readMetrics } from "./telemetry/metrics.ts";
import type { ResultData } from "./telemetry/results.ts";
import { readStatus } from "./telemetry/status.ts";
import { isoTime } from "./time.ts";

export interface SloReading {
  readonly name: string;
  readonly objective: number;
  /** On the page: what the pager read when it fired; from the first step on: the worst of the last four ticks. */
  readonly current: number;
  readonly ok: boolean;
}

export interface ActionResult {
  readonly status: "ok" | "invalid" | "closed";
  /** One mechanical sentence, the same whatever the cause is. */
  readonly message: string;
  readonly data: ResultData | null;
}

/** All that an agent ever sees; built field by field, never copied from the state. */
export interface Observation {
  readonly incident_id: string;
  readonly clock: { readonly now: string; readonly elapsed_s: number };
  readonly alert: Alert;
  readonly slo: readonly SloReading[];
  readonly steps_left: number;
  readonly changes_left: number;
  /** Canonical text of the last action; null after a reset. */
  readonly last_action: string | null;
  readonly result: ActionResult;
}

export interface ObservationParts {
  readonly incidentId: string;
  readonly alert: Alert;
  readonly stepsLeft: number;
  readonly changesLeft: number;
  readonly lastAction: string | null;
  readonly result: ActionResult;
}

/** The only way from state to agent. Equal state gives an equal observation. */
export function observe(instance: Instance, state: State, parts: ObservationParts): Observation {
  const elapsed = elapsedSeconds(instance, state);
  return {
    incident_id: parts.incidentId,
    clock: { now: isoTime(instance.pageSeconds + elapsed), elapsed_s: elapsed },
    alert: parts.alert,
    slo: state.tick === instance.pageTick ? panelOfPage(state, pageFor(instance).readings) : readPanel(state),
    steps_left: parts.stepsLeft,
    changes_left: parts.changesLeft,
    last_action: parts.lastAction,
    result: parts.result,
  };
}

/** The pager's panel: worst of the last four ticks for each objective. */
function readPanel(state: State): SloReading[] {
  return OBJECTIVES.map(({ name, objective }, slo) => {
    const worst = worstLevel(state, slo, LIVE_WINDOW);
    return { name, objective, current: significant(worst), ok: holdsAt(state, slo, worst) };
  });
}

/** The panel as the pager read it when it fired, over whether each objective holds. */
const panelOfPage = (state: State, readings: readonly number[]): SloReading[] =>
  readPanel(state).map((reading, slo) => ({ ...reading, current: readings[slo] as number }));

/** Carries out an observing action on the state as it is now. */
export function lookAt(instance: Instance, state: State, action: Action): Look | null {
  switch (action.type) {
    case "inspect_logs": {
      const lines = logLines(instance, state, action.service);
      const codes = lines.map((line) => line.code).filter((code) => code !== null);
      return { data: readLogs(instance, action.service, lines), codes };
    }
    case "inspect_metrics":
      return { data: readMetrics(state, action.service, instance.noiseKey), codes: [] };
    case "check_status":
      return { data: readStatus(instance, state, action.service), codes: [] };
    case "inspect_config":
      return {
        data:
          action.key === undefined
            ? readConfig(instance, state, action.service)
            : readHistory(instance, state, action.service, action.key),
        codes: [],
      };
    case "update_config":
    case "restart_service":
    case "resolve_incident":
    case "escalate":
      return null;
  }
}

/** The page, under an opaque id that is a hash of all that the first observation shows. */
export function pageOf(instance: Instance, state: State): { incidentId: string; alert: Alert } {
  const { alert, readings } = pageFor(instance);
  const visible = JSON.stringify([alert, panelOfPage(state, readings), isoTime(instance.pageSeconds)]);
  return { incidentId: `i-${hashText(visible)}`, alert };
}
