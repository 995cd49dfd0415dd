import type { Instance } from "./initial.ts";
import { pick, rngFor, uniform } from "./rng.ts";
import type { Rng } from "./rng.ts";
import { OBJECTIVES, SLO_NAMES } from "./slo.ts";
import type { SloName } from "./slo.ts";
import { significant } from "./maths.ts";
import { isoTime } from "./time.ts";

export interface Alert {
  readonly severity: "page";
  readonly summary: string;
  readonly fired_at: string;
}

/**
 * Wordings per objective: what users notice, with the pager's own number for `%`. They never name a component, except
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

/** By how much the pager's long mean overshoots as it crosses an objective, as a share of the error budget. */
const LEAST_OVERSHOOT = 0.3;
const MOST_OVERSHOOT = 3;
/** Steps of an error budget to which the pager reads what is met. */
const USUAL_STEPS = 5;

/** What the pager knew when it fired. */
export interface Page {
  readonly alert: Alert;
  /** Its reading of each objective, in the order of `OBJECTIVES`. */
  readonly readings: readonly number[];
}

/**
 * The page, worded by the seed. The pager fires as its long mean crosses an objective: it reads a value just beyond
 * each missed objective, and roughly the usual value of the others. So a page says what is missed and not by how much,
 * which would tell incidents apart before anybody looked. A false alarm has a bad number that the panel does not share.
 */
export function pageFor(instance: Instance): Page {
  const rng = rngFor(instance.instanceSeed, "alert", 0);
  const name = instance.task.pages_on as SloName;
  const wording = pick(rng, WORDINGS[name]);
  const crossings = OBJECTIVES.map((objective) => justBeyond(objective, rng));
  const alert: Alert = {
    severity: "page",
    summary: wording.replace("%", `${crossings[SLO_NAMES.indexOf(name)]}`),
    fired_at: isoTime(instance.pageSeconds - Math.floor(uniform(rng, 30, 90))),
  };
  const readings = OBJECTIVES.map((objective, slo) =>
    (instance.redAtPage & (1 << slo)) === 0
      ? roughly(objective, instance.usualLevels[slo] as number)
      : (crossings[slo] as number),
  );
  return { alert, readings };
}

type Objective = (typeof OBJECTIVES)[number];

const justBeyond = (objective: Objective, rng: Rng): number =>
  atDistance(objective, errorBudget(objective) * (1 + uniform(rng, LEAST_OVERSHOOT, MOST_OVERSHOOT)));

function roughly(objective: Objective, level: number): number {
  const step = errorBudget(objective) / USUAL_STEPS;
  const distance = objective.direction === "at_least" ? 1 - level : level;
  return atDistance(objective, step * Math.round(distance / step));
}

/** What an objective leaves between perfect and missed. */
const errorBudget = ({ direction, objective }: Objective): number =>
  direction === "at_least" ? 1 - objective : objective;

/** The level at a distance from perfect, as it is shown. */
const atDistance = ({ direction }: Objective, distance: number): number =>
  significant(direction === "at_least" ? 1 - distance : distance);
