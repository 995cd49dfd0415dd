import type { State } from "../../state.ts";
import { attempts, count, exact, measure, ratio, rowTable } from "../../telemetry/rows.ts";
import { queueMemoryUse } from "./dynamics.ts";

export const messageQueueRows = rowTable({
  published_per_s: measure("1/s"),
  "published_per_s{web}": measure("1/s"),
  "published_per_s{batch}": measure("1/s"),
  consumed_per_s: measure("1/s"),
  capacity_per_s: measure("1/s"),
  depth: exact("messages"),
  oldest_age_s: measure("s"),
  consumers_active: count("consumers"),
  consumer_busy_ratio: ratio,
  in_flight: count("messages"),
  attempts_per_message: attempts,
  redelivered_ratio: ratio,
  dead_letter_ratio: ratio,
  poison_per_s: measure("1/s"),
  job_time_s: measure("s"),
  publish_latency_ms: measure("ms"),
  memory_use_ratio: ratio,
  "depth_share{p0}": ratio,
  "depth_share{p1}": ratio,
  "depth_share{p2}": ratio,
  "depth_share{p3}": ratio,
});

const PARTITIONS = 4;

export function sampleMessageQueue(state: State, out: Float32Array, base: number): void {
  const { queue } = state;
  const { at } = messageQueueRows;
  const config = state.config.message_queue;
  const limited = Math.min(config.consumer_concurrency, config.max_in_flight);
  const active = config.consumer_concurrency * (1 - queue.hungShare);
  const busy = queue.capacity > 0 ? queue.consumed / queue.capacity : 0;
  const hot = config.partition_key === "region" ? queue.hotShare : 0;
  out[base + at.published_per_s] = queue.publishedByWeb + queue.publishedByBatch;
  out[base + at["published_per_s{web}"]] = queue.publishedByWeb;
  out[base + at["published_per_s{batch}"]] = queue.publishedByBatch;
  out[base + at.consumed_per_s] = queue.consumed;
  out[base + at.capacity_per_s] = queue.capacity;
  out[base + at.depth] = queue.depth;
  out[base + at.oldest_age_s] = queue.oldestAge;
  out[base + at.consumers_active] = active;
  // A small in-flight limit or one hot partition leaves the other consumers idle.
  out[base + at.consumer_busy_ratio] = (busy * limited * (1 - hot)) / config.consumer_concurrency;
  out[base + at.in_flight] = busy * limited * (1 - queue.hungShare);
  out[base + at.attempts_per_message] =
    1 + queue.transientFailure + queue.duplicates + queue.poisonShare * Math.max(0, config.retry_limit - 1);
  out[base + at.redelivered_ratio] = queue.duplicates;
  out[base + at.dead_letter_ratio] = queue.deadLetters;
  out[base + at.poison_per_s] = queue.poisonShare * queue.consumed;
  out[base + at.job_time_s] = queue.jobSeconds;
  out[base + at.publish_latency_ms] = 1000 * queue.publishLatency;
  out[base + at.memory_use_ratio] = Math.min(1, queueMemoryUse(state));
  const even = (1 - hot) / PARTITIONS;
  out[base + at["depth_share{p0}"]] = even + hot;
  out[base + at["depth_share{p1}"]] = even;
  out[base + at["depth_share{p2}"]] = even;
  out[base + at["depth_share{p3}"]] = even;
}
