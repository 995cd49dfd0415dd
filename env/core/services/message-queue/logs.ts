import { percent, shown, when } from "../../telemetry/log-lines.ts";
import type { LogCondition } from "../../telemetry/log-lines.ts";
import { brokerDown, queueMemoryUse } from "./dynamics.ts";
import { certificateValid } from "../load-balancer/dynamics.ts";

/** What the broker and its consumers write, and when. */
export const messageQueueLogs: readonly LogCondition[] = [
  {
    code: "exited",
    level: "ERROR",
    rate: ({ state }) => when(!state.queue.up, 0.001),
    text: ({ serial }) => `broker process ${serial} ended with exit code 139`,
  },
  {
    code: "tls_failure",
    level: "ERROR",
    rate: ({ state }) =>
      when(
        state.queue.up && !certificateValid(state, state.config.message_queue.tls_cert_id),
        0.12 * state.web.throughput,
      ),
    text: ({ state }) =>
      `TLS handshake failed: publisher rejected certificate ${state.config.message_queue.tls_cert_id}`,
  },
  {
    code: "poison",
    level: "WARN",
    rate: ({ state }) => state.queue.poisonShare * state.queue.consumed,
    text: ({ state, serial }) => {
      const limit = state.config.message_queue.retry_limit;
      return `message m-4${serial % 7} attempt ${1 + (serial % Math.max(1, limit))} of ${limit} failed: schema mismatch`;
    },
  },
  {
    code: "dead_lettered",
    level: "ERROR",
    rate: ({ state }) => when(state.queue.deadLetters > 0.002, state.queue.deadLetters * state.queue.consumed),
    text: ({ state, serial }) =>
      `message m-${serial} ${state.config.message_queue.dlq_enabled ? "dead-lettered" : "dropped"} after ${Math.max(1, state.config.message_queue.retry_limit)} attempts`,
  },
  {
    code: "connection_terminated",
    level: "WARN",
    rate: ({ state }) =>
      when(
        state.config.database.idle_in_txn_timeout_ms > 0 && state.config.database.idle_in_txn_timeout_ms < 10_000,
        0.02 * state.queue.consumed,
      ),
    text: ({ state, serial }) =>
      `message m-${serial} attempt ${1 + (serial % Math.max(1, state.config.message_queue.retry_limit))} of ${state.config.message_queue.retry_limit} failed: database ended the session`,
  },
  {
    code: "redelivered",
    level: "WARN",
    rate: ({ state }) =>
      when(state.config.message_queue.visibility_timeout_ms < 16_000, state.queue.duplicates * state.queue.consumed),
    text: ({ state, serial }) =>
      `message m-${serial} redelivered after ${state.config.message_queue.visibility_timeout_ms} ms, first delivery still running`,
  },
  {
    code: "ack_refused",
    level: "WARN",
    rate: ({ state }) => state.queue.staleSessions * state.queue.consumed,
    text: ({ serial }) => `acknowledgement refused: session of consumer c-${serial % 80} is stale`,
  },
  {
    code: "heartbeat_lost",
    level: "WARN",
    rate: ({ state }) => when(state.queue.hungShare > 0.2 && state.queue.staleSessions === 0, 0.3),
    text: ({ serial }) => `consumer c-${serial % 80}: no heartbeat for ${300 + (serial % 400)} s`,
  },
  {
    code: "watermark",
    level: "WARN",
    rate: ({ state }) => when(queueMemoryUse(state) > 0.8 && !brokerDown(state), 0.12 * state.web.throughput),
    text: ({ state }) => `memory at ${percent(queueMemoryUse(state))}, above watermark: publishers slowed`,
  },
  {
    code: "partition_depth",
    level: "WARN",
    rate: ({ state }) => when(state.config.message_queue.partition_key === "region" && state.queue.hotShare > 0, 0.05),
    text: ({ state }) =>
      `partition p0 holds ${percent(state.queue.hotShare + (1 - state.queue.hotShare) / 4)} of waiting messages`,
  },
  {
    code: "in_flight_limit",
    level: "WARN",
    rate: ({ state }) =>
      when(state.config.message_queue.max_in_flight < state.config.message_queue.consumer_concurrency, 5),
    text: ({ state }) => `${state.config.message_queue.max_in_flight} messages in flight, next delivery waits`,
  },
  {
    code: "producer_rate",
    level: "WARN",
    rate: ({ state }) => when(state.queue.publishedByBatch > 1.5 * state.queue.batchUsual + 20, 0.05),
    text: ({ state }) => `producer batch publishes ${shown(state.queue.publishedByBatch)} messages/s`,
  },
  {
    code: "job_waits_on_database",
    level: "WARN",
    rate: ({ state }) => when(state.database.readLatency > 0.08, 0.5 * state.queue.consumed),
    text: ({ state, serial }) =>
      `message m-${serial} waited ${shown(1000 * state.database.readLatency)} ms for the database`,
  },
  {
    code: "transient_retry",
    level: "INFO",
    rate: ({ state }) => when(state.queue.consumed > 1, 0.06 * state.queue.consumed),
    text: ({ state, serial }) =>
      `message m-${serial} attempt 1 of ${Math.max(1, state.config.message_queue.retry_limit)} failed: connection reset`,
  },
];
