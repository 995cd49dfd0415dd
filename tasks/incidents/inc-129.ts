import { defineTask } from "../../env/core/task.ts";

/** Orders are processed late, and pages are slow. */
export default defineTask({
  id: "inc-129",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 2, 2, 0, 1, 1, 0, 0],
  pages_on: "queue_age_s",
  narrow: true,
  keep: [
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "web_server", key: "db_timeout_ms" },
    { service: "web_server", key: "retry_budget_pct" },
    { service: "cache", key: "ttl_s" },
    { service: "cache", key: "eviction_policy" },
    { service: "cache", key: "max_memory_mb" },
    { service: "cache", key: "max_clients" },
    { service: "database", key: "max_connections" },
    { service: "database", key: "checkpoint_timeout_s" },
    { service: "message_queue", key: "visibility_timeout_ms" },
    { service: "message_queue", key: "memory_limit_mb" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "routing" }],
      load: 1.14,
      standing: [
        { service: "web_server", key: "max_workers", value: 400, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "db_pool_size", value: 48, hours_ago: { between: [200.5, 900.5] } },
        { service: "message_queue", key: "consumer_concurrency", value: 62, hours_ago: { between: [200.5, 900.5] } },
      ],
      faults: [{ class: "routing", set: [{ service: "database", key: "read_replica_enabled", value: false }] }],
      needed: [
        { kind: "logs", service: "message_queue", line: "job_waits_on_database" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{primary}", "slot_use_ratio{replica}"] },
        { kind: "config", service: "database", key: "read_replica_enabled" },
        { kind: "metrics", service: "message_queue", rows: ["job_time_s"] },
      ],
      accepted: [{ service: "database", key: "read_replica_enabled", is: [true] }],
      fixes: [[{ type: "update_config", service: "database", key: "read_replica_enabled", value: true }]],
      recovery_ticks: 12,
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
      ],
    },
    {
      diagnosis: [{ service: "database", fault: "noisy" }],
      load: 1.13,
      standing: [
        { service: "web_server", key: "max_workers", value: 400, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "db_pool_size", value: 48, hours_ago: { between: [200.5, 900.5] } },
        { service: "message_queue", key: "consumer_concurrency", value: 62, hours_ago: { between: [200.5, 900.5] } },
      ],
      faults: [{ class: "noisy", set: [{ service: "database", key: "analytics_concurrency", value: 8 }] }],
      onset: [{ ticks: 45 }],
      needed: [
        { kind: "logs", service: "message_queue", line: "job_waits_on_database" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
        { kind: "config", service: "database", key: "analytics_concurrency" },
        { kind: "metrics", service: "message_queue", rows: ["job_time_s"] },
      ],
      accepted: [{ service: "database", key: "analytics_concurrency", between: [0, 2] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 1 }],
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 0 }],
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 2 }],
      ],
      recovery_ticks: 12,
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
        [{ type: "update_config", service: "database", key: "read_replica_enabled", value: false }],
      ],
    },
  ],
});
