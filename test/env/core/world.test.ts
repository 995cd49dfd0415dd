import { describe, expect, test } from "vitest";
import { restartService } from "../../../env/core/change.ts";
import { failingGuards } from "../../../env/core/guards.ts";
import { JUDGEMENT_WINDOW, levelsAt, redMask, redNames } from "../../../env/core/slo.ts";
import { cloneState } from "../../../env/core/snapshot.ts";
import type { State } from "../../../env/core/state.ts";
import { steadyState, warmUp } from "../../../env/core/steady.ts";
import { runTicks, tick } from "../../../env/core/tick.ts";
import type { ServiceName } from "../../../env/core/topology.ts";

/** Requests per second of the system that the check values were taken from. */
const BASE_RPS = 1173.67;

/** The default system at that load, given time to settle. */
function healthySystem(surge: number): State {
  const state = steadyState();
  state.load.base = BASE_RPS;
  state.load.surge = surge;
  warmUp(state);
  runTicks(state, 40);
  return state;
}

const availability = (state: State): number => levelsAt(state, 0)[0] as number;
const p95 = (state: State): number => levelsAt(state, 0)[1] as number;

describe("the healthy world", () => {
  test("has the check values of its description", () => {
    const state = healthySystem(1);
    const { cache, database, edge, queue, web } = state;
    expect(availability(state)).toBeCloseTo(1, 3);
    expect(p95(state)).toBeCloseTo(48.6, 1);
    expect(cache.servedHit).toBeCloseTo(0.938, 3);
    expect(database.replicaUse).toBeCloseTo(0.65, 2);
    expect(database.primaryUse).toBeCloseTo(0.48, 2);
    expect(Math.max(...web.busy)).toBeCloseTo(0.11, 2);
    expect(Math.max(...web.cpu)).toBeCloseTo(0.25, 2);
    expect(edge.connectionUse).toBeCloseTo(0.45, 2);
    expect(queue.publishedByWeb).toBeCloseTo(141, 0);
    expect(queue.capacity).toBeCloseTo(254, 0);
    expect(redMask(state, JUDGEMENT_WINDOW)).toBe(0);
    expect(failingGuards(state, [])).toEqual([]);
  });

  test("stands still once it has settled", () => {
    const state = healthySystem(1);
    const later = cloneState(state);
    runTicks(later, 60);
    expect(later.database.readLatency).toBeCloseTo(state.database.readLatency, 8);
    expect(later.queue.depth).toBe(state.queue.depth);
    expect(later.cache.warmth).toBeCloseTo(state.cache.warmth, 8);
  });

  test.for([
    [1.2, 54, 0.77],
    [1.4, 79, 0.88],
  ] as const)("stays green at load × %d, with p95 %d ms and the replica at %d", ([surge, latency, replica]) => {
    const state = healthySystem(surge);
    expect(redMask(state, JUDGEMENT_WINDOW)).toBe(0);
    expect(p95(state)).toBeCloseTo(latency, 0);
    expect(state.database.replicaUse).toBeCloseTo(replica, 2);
  });

  test("breaches at load × 1.6", () => {
    expect(redNames(redMask(healthySystem(1.6), JUDGEMENT_WINDOW))).toContain("availability_ratio");
  });
});

/** What a restart of a healthy service costs: bad ticks, the worst availability, the worst p95. */
function restarted(service: ServiceName) {
  const state = healthySystem(1);
  const ticks: { bad: boolean; availability: number; p95: number }[] = [];
  restartService(state, service);
  for (let i = 0; i < 40; i += 1) {
    tick(state);
    ticks.push({ bad: redMask(state, 1) !== 0, availability: availability(state), p95: p95(state) });
  }
  expect(redMask(state, JUDGEMENT_WINDOW)).toBe(0);
  return {
    badTicks: ticks.filter(({ bad }) => bad).length,
    availabilities: ticks.map((one) => one.availability),
    worst: Math.min(...ticks.map((one) => one.availability)),
    slowest: Math.max(...ticks.map((one) => one.p95)),
  };
}

describe("a restart of a healthy", () => {
  test("load balancer is one tick with no answer at all", () => {
    const { badTicks, worst } = restarted("load_balancer");
    expect({ badTicks, worst }).toEqual({ badTicks: 1, worst: 0 });
  });

  test("web tier is not felt", () => {
    expect(restarted("web_server").badTicks).toBe(0);
  });

  test("cache costs eight bad ticks, slow rather than failing", () => {
    const { badTicks, worst, slowest } = restarted("cache");
    expect(badTicks).toBe(8);
    expect(worst).toBeCloseTo(0.97, 2);
    expect(slowest).toBeCloseTo(900, -2);
  });

  test("database costs nine bad ticks, a third of all requests in the first three", () => {
    const { badTicks, availabilities } = restarted("database");
    expect(badTicks).toBe(9);
    for (const one of availabilities.slice(0, 3)) expect(one).toBeCloseTo(0.65, 1);
    expect(availabilities[3]).toBeGreaterThan(0.95);
  });

  test("message queue costs three bad ticks of checkouts", () => {
    const { badTicks, worst } = restarted("message_queue");
    expect(badTicks).toBe(3);
    expect(worst).toBeCloseTo(0.88, 2);
  });
});
