import type { Instance } from "../initial.ts";
import { rngFor, shuffled, wholeNumber } from "../rng.ts";
import type { State } from "../state.ts";
import type { ServiceName } from "../topology.ts";
import { elapsedSeconds } from "./clock.ts";
import type { LogLevel } from "./log-lines.ts";
import type { LogLine } from "./logs.ts";
import { revisionsOf } from "./revisions.ts";

/** Warnings that mean nothing; which of them an episode has, the seed decides. */
const HARMLESS_WARNINGS: Readonly<Record<ServiceName, readonly string[]>> = {
  load_balancer: [
    "client sent a malformed header, answered 400",
    "client closed the connection before the reply",
    "request body above 8 MB, answered 413",
    "slow client: 12 s to read the reply",
    "access log rotated late by 40 s",
  ],
  web_server: [
    "deprecated parameter page_size in GET /search",
    "session cookie without signature ignored",
    "image thumbnail took 900 ms",
    "template cache rebuilt",
    "mail queue flush took 4 s",
  ],
  cache: [
    "client closed after 300 s without a command",
    "slow command: SCAN took 14 ms",
    "client output buffer above 8 MB",
    "configuration file differs from running configuration",
  ],
  database: [
    "checkpoint took 11 s, longer than usual",
    "temporary file of 64 MB written for a sort",
    "prepared statement plan changed for report_daily",
    "client disconnected in the middle of a query",
    "clock of replica 40 ms ahead",
  ],
  message_queue: [
    "consumer group rebalanced in 2 s",
    "message above 256 kB stored on disk",
    "producer mailer reconnected",
    "slow acknowledgement: 3 s",
  ],
};

const ROUTINE: Readonly<Record<ServiceName, readonly string[]>> = {
  load_balancer: ["access log rotated", "stream statistics written", "geo database refreshed"],
  web_server: ["scheduled task session-cleanup finished", "static assets manifest loaded", "feature list refreshed"],
  cache: ["background expiry cycle finished", "replication backlog trimmed", "memory statistics written"],
  database: ["checkpoint complete", "statistics of table users refreshed", "log segment archived"],
  message_queue: ["segment compacted", "consumer offsets saved", "retention check finished"],
};

/** A line that says nothing of the incident, and how many seconds old it always is. */
export interface BackgroundLine {
  readonly age: number;
  readonly level: LogLevel;
  readonly text: string;
}

const ROUTINE_LINES = 2;
const AUDIT_SECONDS = 1800;

/** Two to four harmless warnings, configuration audit of the last half hour, routine. */
export function backgroundLines(instance: Instance, state: State, service: ServiceName): LogLine[] {
  const now = elapsedSeconds(instance, state);
  const drawn = (instance.memo.background[service] ??= drawBackground(instance, service));
  const lines: LogLine[] = [];
  for (const { age, level, text } of drawn) lines.push({ at: now - age, level, text, code: null });
  const revisions = revisionsOf(instance, service);
  for (const { at, revision, actor } of revisions.slice(-3)) {
    if (at <= now - AUDIT_SECONDS) continue;
    // Number and actor, not what they changed.
    lines.push({ at, level: "INFO", text: `configuration revision ${revision} by ${actor}`, code: null });
  }
  return lines;
}

function drawBackground(instance: Instance, service: ServiceName): BackgroundLine[] {
  const rng = rngFor(instance.instanceSeed, `background/${service}`, 0);
  const warnings = shuffled(rng, HARMLESS_WARNINGS[service]).slice(0, wholeNumber(rng, 2, 4));
  const routine = shuffled(rng, ROUTINE[service]).slice(0, ROUTINE_LINES);
  return [
    ...warnings.map((text) => ({ age: wholeNumber(rng, 5, 280), level: "WARN" as const, text })),
    ...routine.map((text, i) => ({ age: wholeNumber(rng, 5, 140) + 140 * i, level: "INFO" as const, text })),
  ];
}
