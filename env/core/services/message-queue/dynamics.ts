import { exp, intPow } from "../../maths.ts";
import type { State } from "../../state.ts";
import { TICK_SECONDS } from "../../time.ts";
import { TRAFFIC } from "../../traffic.ts";
import { certificateValid } from "../load-balancer/dynamics.ts";

/** Seconds that one job in fifty takes. */
export const HEAVY_JOB_SECONDS = 12;
const PUBLISH_SECONDS = 0.006;
const DOWN_SECONDS = 9;
/** Seconds that one failed attempt of a poison message holds a consumer. */
const POISON_SECONDS = 3;
/** Memory of the broker itself and of one waiting message. */
const BROKER_MB = 400;
const MESSAGE_MB = 0.02;
const WATERMARK = 0.8;

/** Memory in use over the limit. */
export const queueMemoryUse = (state: State): number =>
  (BROKER_MB + MESSAGE_MB * state.queue.depth) / state.config.message_queue.memory_limit_mb;

export const brokerDown = (state: State): boolean =>
  !state.queue.up || state.queue.outageTicks > 0 || !certificateValid(state, state.config.message_queue.tls_cert_id);

/** Publishes, delivers and retries for one tick (design 4.6). */
export function moveMessages(state: State): void {
  const { queue, web, database } = state;
  const config = state.config.message_queue;
  const down = brokerDown(state);

  // Publishing.
  const over = queueMemoryUse(state) - WATERMARK;
  queue.publishLatency = down ? DOWN_SECONDS : PUBLISH_SECONDS + (over > 0 ? Math.min(3, 6 * over) : 0);
  const limit = state.config.web_server.publish_timeout_ms / 1000;
  const prompt = queue.publishLatency <= 0.5 && 2 * queue.publishLatency <= limit;
  queue.publishFailure = prompt ? 0 : down ? 1 : exp(-limit / queue.publishLatency);
  const orders =
    web.throughput * TRAFFIC.write.share * (1 - database.writeFailureAfterRetry) * (1 - web.paymentFailure);
  const batchLimit = config.batch_publish_limit_rps;
  queue.publishedByWeb = orders * (1 - queue.publishFailure);
  queue.publishedByBatch = batchLimit > 0 ? Math.min(queue.batchRate, batchLimit) : queue.batchRate;
  const published = queue.publishedByWeb + queue.publishedByBatch;

  // Working.
  const redelivered = exp(-config.visibility_timeout_ms / 1000 / HEAVY_JOB_SECONDS);
  const databaseSeconds = database.unreachable ? 2 : 2 * Math.min(database.readLatency, 1);
  const writeFailure = database.writeFailureNow;
  queue.jobSeconds =
    0.045 +
    databaseSeconds +
    (queue.heavyShare * HEAVY_JOB_SECONDS) / (1 - Math.min(0.9, redelivered)) +
    queue.poisonShare * config.retry_limit * POISON_SECONDS +
    (writeFailure > 0.3 ? 0.6 * writeFailure : 0);
  const consumers =
    Math.min(config.consumer_concurrency, config.max_in_flight) *
    (1 - queue.hungShare) *
    (config.partition_key === "region" ? 1 - queue.hotShare : 1);
  queue.capacity = down ? 0 : consumers / queue.jobSeconds;
  const taken = Math.min(queue.capacity, published + queue.depth / TICK_SECONDS);
  queue.depth = Math.max(0, queue.depth + (published - taken) * TICK_SECONDS);
  queue.consumed = taken;
  if (queue.depth < 1) queue.oldestAge = 0;
  else queue.oldestAge = taken >= 1 ? queue.depth / taken : queue.oldestAge + TICK_SECONDS;

  // What goes wrong with messages that are well formed.
  queue.duplicates = queue.heavyShare * redelivered + queue.staleSessions;
  const attempts = Math.max(1, config.retry_limit);
  const idleMs = state.config.database.idle_in_txn_timeout_ms;
  const killed = idleMs > 0 ? exp(-idleMs / 1000 / HEAVY_JOB_SECONDS) : 0;
  queue.deadLetters = intPow(queue.transientFailure, attempts) + queue.heavyShare * intPow(killed, attempts);
}

/** Restarts the broker and its consumers; messages are kept. */
export function restartBroker(state: State, outageTicks: number): void {
  state.queue.up = true;
  state.queue.outageTicks = outageTicks;
  state.queue.hungShare = 0;
  state.queue.staleSessions = 0;
}
