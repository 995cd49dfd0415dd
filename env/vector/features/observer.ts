import { isActionType } from "../../core/actions/index.ts";
import type { ActionType } from "../../core/actions/index.ts";
import { readTextForm } from "../../core/actions/text.ts";
import type { Observation } from "../../core/observation.ts";
import { firstRow } from "../../core/telemetry/history.ts";
import type {
  ChangeData,
  ConfigData,
  ConfigHistoryData,
  ConfigKeyData,
  LogsData,
  MetricsData,
  ResultData,
  StatusData,
} from "../../core/telemetry/results.ts";
import type { ConfigValue } from "../../core/services/keys.ts";
import { TICK_SECONDS } from "../../core/time.ts";
import { DEPENDENCIES, SERVICES } from "../../core/topology.ts";
import type { ServiceName } from "../../core/topology.ts";
import { ShownValues } from "../actions/references.ts";
import { keyIndex, KEYS } from "../keys.ts";
import { secondsOf } from "./calendar.ts";
import { readLine } from "./log-templates.ts";
import { CONFIG, LOGS, LOOKS, METRICS, newLookTicks, STATUS } from "./looks.ts";
import { FEATURE_COUNT, sections } from "./table.ts";

const { panel, restarts, looks, metrics, logs, status, config, certificates } = sections;

/** Columns of a metrics table that are kept, after name and unit. */
const [NOW, HALF_HOUR, YESTERDAY] = [2, 4, 5] as const;
const TOKENS = KEYS.filter(({ def }) => def.of === "token").map(({ index }) => index);

/** Who calls whom, in the order in which a status lists it. */
const CALLS = SERVICES.flatMap((caller) => DEPENDENCIES[caller].map((called, at) => ({ caller, called, at })));

/**
 * What one agent has been shown in one episode, as numbers. Reads observations and nothing else, in order; whoever has
 * the observations of an episode can make the same row.
 */
export class Observer {
  readonly row = new Float32Array(FEATURE_COUNT);
  readonly shown = new ShownValues();
  readonly #lookTicks = newLookTicks();
  /** Addresses that services gave of themselves, and those under which they are called, in the order of `CALLS`. */
  readonly #ownAddresses = new Map<ServiceName, string>();
  readonly #calledAddresses: (string | undefined)[] = CALLS.map(() => undefined);
  #changedAt = -1;

  /** Forgets everything and reads the page of a new episode. */
  begin(page: Observation): void {
    this.row.fill(0);
    this.shown.clear();
    this.#lookTicks.fill(-1);
    this.#ownAddresses.clear();
    this.#calledAddresses.fill(undefined);
    this.#changedAt = -1;
    this.#read(page, true);
  }

  /** Reads the observation of a step. */
  see(observation: Observation): void {
    this.#read(observation, false);
  }

  #read(observation: Observation, isPage: boolean): void {
    const { row } = this;
    const { clock, slo, last_action, result } = observation;
    for (let i = 0; i < slo.length; i += 1) {
      const { current, ok } = slo[i] as (typeof slo)[number];
      panel.writeObjective(row, i, current, ok, isPage);
    }
    panel.writeTurn(row, {
      isPage,
      stepsLeft: observation.steps_left,
      changesLeft: observation.changes_left,
      elapsedSeconds: clock.elapsed_s,
      status: result.status,
      action: last_action === null ? null : typeIn(last_action),
    });
    const tick = clock.elapsed_s / TICK_SECONDS;
    if (result.data !== null) this.#readData(result.data, tick, clock);
    looks.write(row, this.#lookTicks, tick, this.#changedAt);
  }

  #readData(data: ResultData, tick: number, clock: Observation["clock"]): void {
    switch (data.kind) {
      case "logs":
        this.#looked(data.service, LOGS, tick);
        return this.#readLogs(data);
      case "metrics":
        this.#looked(data.service, METRICS, tick);
        return this.#readMetrics(data);
      case "status":
        this.#looked(data.service, STATUS, tick);
        return this.#readStatus(data);
      case "config":
        this.#looked(data.service, CONFIG, tick);
        return this.#readConfig(data, secondsOf(clock.now));
      case "config_history":
        return this.#readHistory(data, secondsOf(clock.now) - clock.elapsed_s);
      case "change":
        this.#changedAt = tick;
        return this.#readChange(data);
    }
  }

  #looked(service: ServiceName, look: number, tick: number): void {
    this.#lookTicks[LOOKS.length * SERVICES.indexOf(service) + look] = tick;
  }

  #readLogs({ service, lines }: LogsData): void {
    logs.begin(this.row, service);
    for (const line of lines) {
      const { template, count } = readLine(service, line);
      logs.write(this.row, template, count);
    }
  }

  #readMetrics({ service, rows }: MetricsData): void {
    const first = firstRow[service];
    for (let i = 0; i < rows.length; i += 1) {
      const cells = rows[i] as readonly (string | number)[];
      metrics.write(this.row, first + i, cells[NOW] as number, cells[HALF_HOUR] as number, cells[YESTERDAY] as number);
    }
  }

  #readStatus({ service, state, uptime_s, address, dependencies }: StatusData): void {
    status.writeState(this.row, service, state, uptime_s);
    this.#ownAddresses.set(service, address);
    CALLS.forEach(({ caller, called, at }, call) => {
      const dependency = caller === service ? dependencies[at] : undefined;
      if (dependency !== undefined) {
        status.writePing(this.row, service, at, dependency.ping === "failed");
        this.#calledAddresses[call] = dependency.address;
      }
      const own = this.#ownAddresses.get(called);
      const used = this.#calledAddresses[call];
      status.writeElsewhere(this.row, caller, at, own !== undefined && used !== undefined && own !== used);
    });
  }

  #readConfig({ service, keys, inventory = [] }: ConfigData, now: number): void {
    for (const key of keys) config.writeValue(this.row, this.#readKey(service, key), this.shown);
    this.#compareTokens();
    inventory.forEach(({ not_before, not_after }, i) => {
      certificates.write(this.row, service, i, now - secondsOf(not_before), secondsOf(not_after) - now);
    });
  }

  #readHistory(data: ConfigHistoryData, page: number): void {
    const { service, revisions } = data;
    const key = this.#readKey(service, data);
    config.writeValue(this.row, key, this.shown);
    this.#compareTokens();
    const newest = revisions.at(-1);
    this.shown.setBefore(key, newest?.from);
    if (newest === undefined) config.writeNoRevision(this.row, key);
    else config.writeRevision(this.row, key, page - secondsOf(newest.at), newest.from, newest.to);
  }

  /** @returns the key's position */
  #readKey(service: ServiceName, { key, value, unit, range }: ConfigKeyData): number {
    const index = keyIndex(service, key);
    this.shown.setValue(index, value);
    if (unit === "certificate" || unit === "release") this.shown.setListed(index, range.split("|"));
    return index;
  }

  /** What was applied stands there in its canonical text. */
  #readChange({ service, applied }: ChangeData): void {
    const form = readTextForm(applied);
    if (!form.ok) return;
    if (form.type === "restart_service") return restarts.count(this.row, service);
    const { key, value } = form.fields;
    const index = keyIndex(service, String(key));
    this.shown.setValue(index, value as ConfigValue);
    config.writeValue(this.row, index, this.shown);
    config.writeSet(this.row, index);
    this.#compareTokens();
  }

  /** A token is judged by the other one, whichever was shown first. */
  #compareTokens(): void {
    for (const key of TOKENS) config.writeValue(this.row, key, this.shown);
  }
}

/** The type in an action's canonical text. */
function typeIn(text: string): ActionType | null {
  const name = text.slice(0, text.indexOf("("));
  return isActionType(name) ? name : null;
}
