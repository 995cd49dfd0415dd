import { defineTask } from "../../env/core/task.ts";

/** Most requests fail at the busiest hour. */
export default defineTask({
  id: "inc-104",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 2, 2, 2, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "Correlated failures (SREGym)",
  keep: [
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "web_server", key: "db_timeout_ms" },
    { service: "web_server", key: "max_workers" },
    { service: "cache", key: "max_memory_mb" },
    { service: "cache", key: "eviction_policy" },
    { service: "message_queue", key: "memory_limit_mb" },
  ],
  siblings: [
    {
      diagnosis: [
        { service: "cache", fault: "capacity" },
        { service: "web_server", fault: "pool" },
      ],
      load: 1.31,
      faults: [
        {
          class: "capacity",
          set: [{ service: "cache", key: "compression", value: "none" }],
          working_set_mb: { between: [3800, 4000] },
          compression_ratio: 3.6,
        },
        { class: "pool", set: [{ service: "web_server", key: "db_pool_size", value: 5 }] },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["evictions_per_s", "hit_ratio"] },
        { kind: "metrics", service: "web_server", rows: ["pool_wait_ms"] },
        { kind: "config", service: "cache", key: "compression" },
        { kind: "config", service: "web_server", key: "db_pool_size" },
      ],
      accepted: [
        { service: "cache", key: "compression", is: ["lz4"] },
        { service: "web_server", key: "db_pool_size", between: [12, 60] },
      ],
      fixes: [
        [
          { type: "update_config", service: "cache", key: "compression", value: "lz4" },
          { wait: 4 },
          { type: "update_config", service: "web_server", key: "db_pool_size", value: 20 },
        ],
        [
          { type: "update_config", service: "web_server", key: "db_pool_size", value: 12 },
          { type: "update_config", service: "cache", key: "compression", value: "lz4" },
        ],
      ],
      recovery_ticks: 12,
      distractors: [
        [{ type: "update_config", service: "cache", key: "compression", value: "lz4" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 20 }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "database" }],
      ],
    },
    {
      diagnosis: [
        { service: "cache", fault: "ttl" },
        { service: "database", fault: "limit" },
      ],
      load: 1.28,
      faults: [
        { class: "ttl", set: [{ service: "cache", key: "ttl_s", value: 12 }] },
        { class: "limit", set: [{ service: "database", key: "max_connections", value: 85 }] },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["hit_ratio", "expirations_per_s"] },
        { kind: "logs", service: "database", line: "connection_refused" },
        { kind: "config", service: "cache", key: "ttl_s" },
        { kind: "config", service: "database", key: "max_connections" },
      ],
      accepted: [
        { service: "cache", key: "ttl_s", between: [180, 1800] },
        { service: "database", key: "max_connections", between: [150, 600] },
      ],
      fixes: [
        [
          { type: "update_config", service: "cache", key: "ttl_s", value: 300 },
          { type: "update_config", service: "database", key: "max_connections", value: 300 },
        ],
        [
          { type: "update_config", service: "database", key: "max_connections", value: 150 },
          { type: "update_config", service: "cache", key: "ttl_s", value: 180 },
        ],
      ],
      recovery_ticks: 12,
      distractors: [
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 300 }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "database" }],
      ],
    },
  ],
});
