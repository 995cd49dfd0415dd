import { ln } from "./maths.ts";
import type { State } from "./state.ts";
import { WEB_HOSTS } from "./topology.ts";
import type { ServiceName } from "./topology.ts";
import { EXPORT_SECONDS, TRAFFIC } from "./traffic.ts";

interface Objective {
  readonly name: string;
  readonly unit: string;
  readonly direction: "at_least" | "at_most";
  readonly objective: number;
  /** The services where its symptom shows: the edge and the tier behind it, or the queue. */
  readonly symptom: readonly ServiceName[];
}

const EDGE: readonly ServiceName[] = ["load_balancer", "web_server"];
const QUEUE: readonly ServiceName[] = ["message_queue"];

/** The seven objectives, in the order of the pager's panel. */
export const OBJECTIVES = [
  { name: "availability_ratio", unit: "ratio", direction: "at_least", objective: 0.995, symptom: EDGE },
  { name: "latency_p95_ms", unit: "ms", direction: "at_most", objective: 300, symptom: EDGE },
  { name: "queue_age_s", unit: "s", direction: "at_most", objective: 120, symptom: QUEUE },
  { name: "duplicate_ratio", unit: "ratio", direction: "at_most", objective: 0.005, symptom: QUEUE },
  { name: "dead_letter_ratio", unit: "ratio", direction: "at_most", objective: 0.002, symptom: QUEUE },
  { name: "export_failure_ratio", unit: "ratio", direction: "at_most", objective: 0.02, symptom: EDGE },
  { name: "stale_read_ratio", unit: "ratio", direction: "at_most", objective: 0.005, symptom: EDGE },
] as const satisfies readonly Objective[];
export type SloName = (typeof OBJECTIVES)[number]["name"];
export const SLO_NAMES = OBJECTIVES.map((objective) => objective.name);
export const SLO_COUNT = OBJECTIVES.length;

/** The services where the symptom of an objective shows. */
export const symptomServices = (name: string): readonly ServiceName[] =>
  OBJECTIVES.find((objective) => objective.name === name)?.symptom ?? EDGE;

/** Ticks that an objective looks back: on the pager, and at judgement. */
export const LIVE_WINDOW = 4;
export const JUDGEMENT_WINDOW = 8;

const RING_TICKS = 8;
const RING_MASK = RING_TICKS - 1;
/** The seven indicators, then queue depth, which says whether a backlog is draining. */
const SLI_COUNT = SLO_COUNT + 1;
const QUEUE_AGE = 2;
const DEPTH = SLO_COUNT;
/** A draining backlog must be gone within this time. */
const DRAIN_SECONDS = 1800;
const DRAIN_MARGIN = 1.1;

/**
 * The 95th percentile over all requests, as a multiple of the mean time of a class with an exponential tail: the
 * slowest 5 % of everything lie in the tail of a class with that share of traffic.
 */
const tail95 = (share: number): number => Math.max(0, ln(share / 0.05));
const READ_TAIL = tail95(TRAFFIC.read.share);
const USER_TAIL = tail95(TRAFFIC.user.share);
const WRITE_TAIL = tail95(TRAFFIC.write.share);

export const emptyRing = (): number[] => Array<number>(RING_TICKS * SLI_COUNT).fill(0.5);

/** Turns what the services did into service levels, and appends them to the ring (design 4.7). */
export function measureLevels(state: State): void {
  const { web, edge, database, queue, levels } = state;
  const config = state.config.load_balancer;
  const routes = web.routes;
  const readOk = 1 - database.readFailureAfterRetry;
  const writeOk = 1 - database.writeFailureAfterRetry;
  routes.readFailure = (1 - state.cache.servedHit) * database.readFailureAfterRetry;
  routes.userFailure = 1 - readOk * readOk * (1 - database.staleReads);
  routes.writeFailure = 1 - readOk * writeOk * writeOk * (1 - queue.publishFailure) * (1 - web.paymentFailure);
  const streamKept = EXPORT_SECONDS * 1000 <= config.idle_timeout_ms ? 1 : 0;
  routes.exportFailure = 1 - readOk * (1 - database.exportCancelled) * streamKept;

  const failed =
    TRAFFIC.read.share * routes.readFailure +
    TRAFFIC.user.share * routes.userFailure +
    TRAFFIC.write.share * routes.writeFailure +
    TRAFFIC.export.share * routes.exportFailure;
  const attemptOk = web.tierSuccess * (1 - failed);
  const anyHost = servingHosts(state) > 0;
  edge.attemptFailure = anyHost ? 1 - attemptOk : 0;
  let allFail = 1;
  for (let k = 0; k <= config.upstream_retries; k += 1) allFail *= 1 - attemptOk;
  const availability = anyHost && edge.offered > 0 ? (edge.accepted / edge.offered) * (1 - allFail) : 0;
  state.load.userFailure = 1 - availability;

  const p95 = Math.max(
    (web.meanWait + routes.readSeconds) * READ_TAIL,
    (web.meanWait + routes.userSeconds) * USER_TAIL,
    (web.meanWait + routes.writeSeconds) * WRITE_TAIL,
  );

  levels.cursor = (levels.cursor + 1) & RING_MASK;
  const at = levels.cursor * SLI_COUNT;
  const ring = levels.ring;
  ring[at] = availability;
  ring[at + 1] = p95 * 1000;
  ring[at + QUEUE_AGE] = queue.oldestAge;
  ring[at + 3] = queue.duplicates;
  ring[at + 4] = queue.deadLetters;
  ring[at + 5] = routes.exportFailure;
  ring[at + 6] = database.staleReads;
  ring[at + DEPTH] = queue.depth;
}

/** Hosts that receive traffic in this tick. */
export function servingHosts(state: State): number {
  let count = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) if ((state.edge.share[i] as number) > 0) count += 1;
  return count;
}

/** Indicator `slo` as it was `back` ticks ago, 0 ≤ back < 8. */
function level(state: State, slo: number, back: number): number {
  const slot = (state.levels.cursor - back) & RING_MASK;
  return state.levels.ring[slot * SLI_COUNT + slo] as number;
}

/** The worst value of an indicator over the last `window` ticks. */
export function worstLevel(state: State, slo: number, window: number): number {
  let worst = level(state, slo, 0);
  for (let back = 1; back < window; back += 1) {
    const value = level(state, slo, back);
    worst = OBJECTIVES[slo]?.direction === "at_least" ? Math.min(worst, value) : Math.max(worst, value);
  }
  return worst;
}

/** Whether an objective holds over the last `window` ticks; a backlog that drains in time holds too. */
export const objectiveHolds = (state: State, slo: number, window: number): boolean =>
  holdsAt(state, slo, worstLevel(state, slo, window));

/** Whether an objective holds when its worst value is this. */
export function holdsAt(state: State, slo: number, worst: number): boolean {
  const objective = OBJECTIVES[slo] as Objective;
  if (objective.direction === "at_least" ? worst >= objective.objective : worst <= objective.objective) return true;
  return slo === QUEUE_AGE && draining(state);
}

function draining(state: State): boolean {
  const { queue } = state;
  const published = queue.publishedByWeb + queue.publishedByBatch;
  return (
    queue.depth < level(state, DEPTH, RING_TICKS - 1) &&
    queue.capacity > DRAIN_MARGIN * published &&
    queue.depth / (queue.capacity - published) < DRAIN_SECONDS
  );
}

/** Objectives missed over the last `window` ticks, as a bit mask in the order of `OBJECTIVES`. */
export function redMask(state: State, window: number): number {
  let mask = 0;
  for (let slo = 0; slo < SLO_COUNT; slo += 1) if (!objectiveHolds(state, slo, window)) mask |= 1 << slo;
  return mask;
}

/** The names in a mask of `redMask`. */
export const redNames = (mask: number): SloName[] => SLO_NAMES.filter((_, slo) => (mask & (1 << slo)) !== 0);

/** Number of objectives in a mask. */
export function redCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

/** All indicators of the tick `back` ticks ago (0 ≤ back < 8), in the order of `OBJECTIVES`. */
export const levelsAt = (state: State, back: number): number[] => SLO_NAMES.map((_, slo) => level(state, slo, back));

/** Availability of the last tick. */
export const availabilityNow = (state: State): number => level(state, 0, 0);
