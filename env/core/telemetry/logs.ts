import { drawn } from "../faults/define.ts";
import type { Instance } from "../initial.ts";
import { significant } from "../maths.ts";
import { rngFor, uniform, wholeNumber } from "../rng.ts";
import type { Rng } from "../rng.ts";
import { cacheLogs } from "../services/cache/logs.ts";
import { databaseLogs } from "../services/database/logs.ts";
import { loadBalancerLogs } from "../services/load-balancer/logs.ts";
import { messageQueueLogs } from "../services/message-queue/logs.ts";
import { webServerLogs } from "../services/web-server/logs.ts";
import type { State } from "../state.ts";
import { clockTime, TICK_SECONDS } from "../time.ts";
import { WEB_HOSTS } from "../topology.ts";
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
  const rng = rngFor(instance.instanceSeed, `logs/${service}`, state.tick);
  const now = elapsedSeconds(instance, state);
  const emitted = emittedLines(instance, state, service, rng, now);
  emitted.sort((a, b) => severity(b.level) - severity(a.level));
  const background = backgroundLines(instance, state, service);
  const past = pastLines(instance, state, service);
  const lines = [...emitted.slice(0, MOST_LINES - past.length), ...past, ...background].slice(0, MOST_LINES);
  return lines.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
}

export function readLogs(instance: Instance, service: ServiceName, lines: readonly LogLine[]): LogsData {
  return {
    kind: "logs",
    service,
    lines: lines.map(({ at, level, text }) => `${clockTime(instance.pageSeconds + at)} ${level} ${text}`),
  };
}

function emittedLines(instance: Instance, state: State, service: ServiceName, rng: Rng, now: number): LogLine[] {
  const lines: LogLine[] = [];
  for (const condition of logConditions[service]) {
    for (let host = 0; host < (condition.perHost ? WEB_HOSTS : 1); host += 1) {
      const serial = wholeNumber(rng, 1000, 99_999);
      const age = uniform(rng, 0, TICK_SECONDS);
      const sampling = uniform(rng, 0.97, 1.03);
      const context = { state, names: instance.names, host, serial };
      const rate = condition.rate(context);
      if (!(rate > 0)) continue;
      const times = significant(Math.round(rate * sampling * COUNT_SECONDS));
      const count = times > 1 ? ` (${times} in ${COUNT_SECONDS} s)` : "";
      lines.push({ at: Math.floor(now - age), level: condition.level, text: condition.text(context) + count, code: condition.code });
    }
  }
  return lines;
}

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

const severity = (level: LogLevel): number => ["INFO", "WARN", "ERROR"].indexOf(level);
