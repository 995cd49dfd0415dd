import { drawn } from "../faults/define.ts";
import type { Instance } from "../initial.ts";
import { significant } from "../maths.ts";
import { hashNoise, rngFor, wholeNumber } from "../rng.ts";
import { cacheLogs } from "../services/cache/logs.ts";
import { databaseLogs } from "../services/database/logs.ts";
import { loadBalancerLogs } from "../services/load-balancer/logs.ts";
import { messageQueueLogs } from "../services/message-queue/logs.ts";
import { webServerLogs } from "../services/web-server/logs.ts";
import type { State } from "../state.ts";
import { clockTime, TICK_SECONDS } from "../time.ts";
import { SERVICES, WEB_HOSTS } from "../topology.ts";
import type { ServiceName } from "../topology.ts";
import { backgroundLines } from "./background.ts";
import { elapsedSeconds } from "./clock.ts";
import type { LogCondition, LogLevel } from "./log-lines.ts";
import type { LogsData } from "./results.ts";

/** Conditions under which each service writes a line. */
export const logConditions: Readonly<Record<ServiceName, readonly LogCondition[]>> = {
  load_balancer: loadBalancerLogs,
  web_server: webServerLogs,
  cache: cacheLogs,
  database: databaseLogs,
  message_queue: messageQueueLogs,
};

/** Lines shown at once. */
const MOST_LINES = 12;
/** A line says how often it came in the last minute. */
const COUNT_SECONDS = 60;

export interface LogLine {
  /** Seconds since the page; may be negative. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  /** Stable name of the condition; null for background. Never shown. */
  readonly code: string | null;
}

/** The newest lines of a service: what its conditions emit now, then background, oldest first. */
export function logLines(instance: Instance, state: State, service: ServiceName): LogLine[] {
  const emitted = emittedLines(instance, state, service).toSorted((a, b) => SEVERITY[b.level] - SEVERITY[a.level]);
  const past = pastLines(instance, state, service);
  const background = backgroundLines(instance, state, service);
  const lines = [...emitted.slice(0, MOST_LINES - past.length), ...past, ...background].slice(0, MOST_LINES);
  return lines.toSorted((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
}

export function readLogs(instance: Instance, service: ServiceName, lines: readonly LogLine[]): LogsData {
  return {
    kind: "logs",
    service,
    lines: lines.map(({ at, level, text }) => `${clockTime(instance.pageSeconds + at)} ${level} ${text}`),
  };
}

function emittedLines(instance: Instance, state: State, service: ServiceName): LogLine[] {
  const lines: LogLine[] = [];
  const now = elapsedSeconds(instance, state);
  const conditions = logConditions[service];
  const first = LINE_ROWS * SERVICES.indexOf(service);
  for (let i = 0; i < conditions.length; i += 1) {
    const condition = conditions[i] as LogCondition;
    for (let host = 0; host < (condition.perHost ? WEB_HOSTS : 1); host += 1) {
      const rate = condition.rate({ state, names: instance.names, host, serial: 0 });
      if (rate > 0) lines.push(emit(instance, state, condition, host, rate, now, first + WEB_HOSTS * i + host));
    }
  }
  return lines;
}

/** Rows of display noise set aside for the lines of one service. */
const LINE_ROWS = 1024;

/** One line; its digits, age and sampled count are hashed, so that no line depends on which others there are. */
function emit(
  { names, noiseKey }: Instance,
  state: State,
  condition: LogCondition,
  host: number,
  rate: number,
  now: number,
  row: number,
): LogLine {
  const hashed = (purpose: number): number => (hashNoise(noiseKey ^ purpose, state.tick, row) + 1) / 2;
  const serial = 1000 + Math.floor(99_000 * hashed(SERIAL));
  const times = significant(Math.round(rate * COUNT_SECONDS * (0.97 + 0.06 * hashed(SAMPLING))));
  const count = times > 1 ? ` (${times} in ${COUNT_SECONDS} s)` : "";
  const text = condition.text({ state, names, host, serial }) + count;
  return { at: Math.floor(now - TICK_SECONDS * hashed(AGE)), level: condition.level, text, code: condition.code };
}

/** Tell the three draws of a line apart. */
const SERIAL = 0x51;
const SAMPLING = 0x52;
const AGE = 0x53;

/** What the incident's story left in this log before the page. */
function pastLines(instance: Instance, state: State, service: ServiceName): LogLine[] {
  const events = instance.sibling.past.filter((event) => event.service === service);
  if (events.length === 0) return [];
  const rng = rngFor(instance.instanceSeed, `past/${service}`, 0);
  return events.map(({ line, minutes_ago }) => {
    const condition = logConditions[service].find(({ code }) => code === line);
    if (condition === undefined) throw new RangeError(`${service} has no log line ${line}.`);
    const context = { state, names: instance.names, host: 0, serial: wholeNumber(rng, 1000, 99_999) };
    const text = (condition.past ?? condition.text)(context);
    return { at: -Math.round(60 * drawn(minutes_ago)), level: condition.level, text, code: condition.code };
  });
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { INFO: 0, WARN: 1, ERROR: 2 };
