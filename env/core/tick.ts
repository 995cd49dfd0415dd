import { round9 } from "./maths.ts";
import { turnOverCache } from "./services/cache/dynamics.ts";
import { runStatements } from "./services/database/dynamics.ts";
import { admitTraffic } from "./services/load-balancer/dynamics.ts";
import { moveMessages } from "./services/message-queue/dynamics.ts";
import { serveRequests } from "./services/web-server/dynamics.ts";
import { measureLevels } from "./slo.ts";
import type { State } from "./state.ts";
import { recordHistory } from "./telemetry/history.ts";
import { TICK_SECONDS } from "./time.ts";

/**
 * One tick of 15 simulated seconds: a straight pass over the five services, each reading what its dependencies did in
 * the previous tick. Writes into `state`, draws nothing, allocates nothing.
 */
export function tick(state: State): void {
  tickUnseen(state);
  recordHistory(state);
}

/** The same without metrics: for ticks that nobody will look at, such as those after the close. */
export function tickUnseen(state: State): void {
  runClocks(state);
  admitTraffic(state);
  serveRequests(state);
  turnOverCache(state);
  runStatements(state);
  moveMessages(state);
  measureLevels(state);
  settle(state);
  state.tick += 1;
}

/** Runs several ticks. */
export function runTicks(state: State, count: number): void {
  for (let i = 0; i < count; i += 1) tick(state);
}

function runClocks(state: State): void {
  const { edge, web, cache, database, queue } = state;
  if (edge.outageTicks > 0) edge.outageTicks -= 1;
  if (web.outageTicks > 0) web.outageTicks -= 1;
  if (cache.outageTicks > 0) cache.outageTicks -= 1;
  if (database.outageTicks > 0) database.outageTicks -= 1;
  if (queue.outageTicks > 0) queue.outageTicks -= 1;
  cache.workingSetMb += (cache.workingSetMbPerHour * TICK_SECONDS) / 3600;
  for (let i = state.builds.length - 1; i >= 0; i -= 1) {
    const build = state.builds[i] as State["builds"][number];
    build.ticksLeft -= 1;
    if (build.ticksLeft > 0) continue;
    state.config.database[build.key] = "valid";
    state.builds.splice(i, 1);
  }
}

/** Rounds what is carried to the next tick, so that a vanishing failure becomes none and text stays short. */
function settle(state: State): void {
  const { edge, web, cache, database, queue, load } = state;
  load.userFailure = round9(load.userFailure);
  edge.attemptFailure = round9(edge.attemptFailure);
  web.meanResponse = round9(web.meanResponse);
  web.leakedPool = round9(web.leakedPool);
  for (let i = 0; i < web.memoryMb.length; i += 1) {
    web.memoryMb[i] = round9(web.memoryMb[i] as number);
    web.aliveShare[i] = round9(web.aliveShare[i] as number);
  }
  cache.warmth = round9(cache.warmth);
  cache.hit = round9(cache.hit);
  database.readLatency = round9(database.readLatency);
  database.writeLatency = round9(database.writeLatency);
  database.poolWait = round9(database.poolWait);
  database.readFailure = round9(database.readFailure);
  database.writeFailure = round9(database.writeFailure);
  database.diskGb = round9(database.diskGb);
  database.bloat = round9(database.bloat);
  database.buffers = round9(database.buffers);
  database.lagSeconds = round9(database.lagSeconds);
  queue.depth = round9(queue.depth);
  queue.oldestAge = round9(queue.oldestAge);
  queue.publishLatency = round9(queue.publishLatency);
  queue.publishFailure = round9(queue.publishFailure);
  queue.consumed = round9(queue.consumed);
}
