import type { Instance } from "./initial.ts";
import { pick, rngFor, uniform } from "./rng.ts";
import { LIVE_WINDOW, OBJECTIVES, SLO_NAMES, worstLevel } from "./slo.ts";
import type { SloName } from "./slo.ts";
import { significant } from "./maths.ts";
import type { State } from "./state.ts";
import { isoTime } from "./time.ts";

export interface Alert {
  readonly severity: "page";
  readonly summary: string;
  readonly fired_at: string;
}

/**
 * Wordings per objective: what users notice, with the panel's own number for `%`. They never name a component, except
 * where the objective is the queue's.
 */
const WORDINGS: Readonly<Record<SloName, readonly string[]>> = {
  availability_ratio: [
    "Requests are failing: availability is % against an objective of 0.995.",
    "Users see errors. Share of good responses: %.",
    "Error budget burns fast: good responses at %, objective 0.995.",
    "Support reports failing pages; measured availability %.",
    "Availability objective missed, now %.",
  ],
  latency_p95_ms: [
    "Pages are slow: 95th percentile at % ms, objective 300 ms.",
    "Users wait: p95 response time % ms.",
    "Latency objective missed, p95 now % ms.",
    "Slow responses reported by support; p95 % ms.",
  ],
  queue_age_s: [
    "Orders are processed late: oldest message waits % s, objective 120 s.",
    "Queue age objective missed: % s.",
    "Confirmation mails are late; oldest queued job is % s old.",
    "Background work falls behind, age of the oldest message % s.",
  ],
  duplicate_ratio: [
    "Customers report double bookings: share of work done twice %.",
    "Duplicate processing above objective: % against 0.005.",
    "Some orders are charged twice, ratio %.",
    "Repeat deliveries above objective, now %.",
  ],
  dead_letter_ratio: [
    "Jobs are given up: share % against an objective of 0.002.",
    "Failed jobs pile up, ratio %.",
    "Orders stay unconfirmed; share of jobs given up %.",
    "Dead-letter objective missed, now %.",
  ],
  export_failure_ratio: [
    "Report downloads fail: share %, objective 0.02.",
    "Merchants cannot fetch their exports; failure ratio %.",
    "Export objective missed, failing share %.",
    "Downloads of reports break off, ratio %.",
  ],
  stale_read_ratio: [
    "Users do not find what they just saved: share of stale answers %.",
    "Fresh orders are missing from account pages, ratio %.",
    "Freshness objective missed, stale share %.",
    "Support reports vanished orders; stale answers at %.",
  ],
};

/** The page, worded by the seed. A false alarm has a bad number that the panel does not share. */
export function alertFor(instance: Instance, stateAtPage: State): Alert {
  const rng = rngFor(instance.instanceSeed, "alert", 0);
  const name = instance.task.pages_on as SloName;
  const slo = SLO_NAMES.indexOf(name);
  const wording = pick(rng, WORDINGS[name]);
  const objective = OBJECTIVES[slo] as (typeof OBJECTIVES)[number];
  const falseAlarm = (instance.redAtPage & (1 << slo)) === 0;
  const bad = objective.direction === "at_least" ? uniform(rng, 0.6, 0.97) : objective.objective * uniform(rng, 1.5, 6);
  const value = significant(falseAlarm ? bad : worstLevel(stateAtPage, slo, LIVE_WINDOW));
  return {
    severity: "page",
    summary: wording.replace("%", `${value}`),
    fired_at: isoTime(instance.pageSeconds - Math.floor(uniform(rng, 30, 90))),
  };
}
