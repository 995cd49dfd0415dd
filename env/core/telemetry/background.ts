import type { Instance } from "../initial.ts";
import { pick, rngFor, shuffled, wholeNumber } from "../rng.ts";
import type { State } from "../state.ts";
import type { ServiceName } from "../topology.ts";
import { elapsedSeconds } from "./clock.ts";
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

/** Newest first: two to four harmless warnings, configuration and deploy audit, routine. */
export function backgroundLines(instance: Instance, state: State, service: ServiceName): LogLine[] {
  const rng = rngFor(instance.instanceSeed, `background/${service}`, 0);
  const now = elapsedSeconds(instance, state);
  const warnings = shuffled(rng, HARMLESS_WARNINGS[service]).slice(0, wholeNumber(rng, 2, 4));
  const line = (level: LogLine["level"], text: string, at: number): LogLine => ({ at, level, text, code: null });
  return [
    ...warnings.map((text) => line("WARN", text, now - wholeNumber(rng, 5, 280))),
    ...audit(instance, state, service, now),
    line("INFO", pick(rng, ROUTINE[service]), now - wholeNumber(rng, 5, 120)),
    line("INFO", pick(rng, ROUTINE[service]), now - wholeNumber(rng, 121, 290)),
  ];
}

const AUDIT_SECONDS = 1800;

/** Configuration revisions of the last half hour: number and actor, not what they changed. */
function audit(instance: Instance, state: State, service: ServiceName, now: number): LogLine[] {
  return revisionsOf(instance, service)
    .filter((revision) => revision.at > now - AUDIT_SECONDS && revision.at <= now)
    .slice(-3)
    .map((revision) => ({
      at: revision.at,
      level: "INFO" as const,
      text: `configuration revision ${revision.revision} by ${revision.actor}`,
      code: null,
    }));
}
