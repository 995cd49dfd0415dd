import { defineTask } from "../../env/core/task.ts";

/** Customers do not find the order that they just placed. */
export default defineTask({
  id: "inc-120",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 2, 2, 0, 0, 1, 1, 0],
  pages_on: "stale_read_ratio",
  source: "Replica lag, as at GitHub and GitLab",
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "cache", key: "eviction_policy" },
    { service: "cache", key: "max_memory_mb" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "noisy" }],
      faults: [
        {
          class: "noisy",
          set: [{ service: "database", key: "analytics_concurrency", value: 8 }],
          lag_s: { between: [85, 95] },
        },
      ],
      needed: [
        { kind: "metrics", service: "database", rows: ["lag_s"] },
        { kind: "logs", service: "database", line: "analytics_session" },
        { kind: "config", service: "database", key: "analytics_concurrency" },
        { kind: "metrics", service: "cache", rows: ["hit_ratio"], shows: "normal" },
      ],
      accepted: [{ service: "database", key: "analytics_concurrency", between: [0, 3] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 1 }],
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 0 }],
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 3 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 30 }],
        [{ type: "update_config", service: "database", key: "read_replica_enabled", value: false }],
      ],
    },
    {
      diagnosis: [{ service: "cache", fault: "ttl" }],
      load: 1.3,
      faults: [{ class: "ttl", set: [{ service: "cache", key: "ttl_s", value: { between: [20, 27] } }] }],
      needed: [
        { kind: "metrics", service: "database", rows: ["lag_s"] },
        { kind: "metrics", service: "database", rows: ["queries_per_s{replica}"] },
        { kind: "metrics", service: "cache", rows: ["hit_ratio", "expirations_per_s"] },
        { kind: "config", service: "cache", key: "ttl_s" },
      ],
      accepted: [{ service: "cache", key: "ttl_s", between: [180, 1800] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 180 }],
      ],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 30 }],
        [{ type: "update_config", service: "database", key: "read_replica_enabled", value: false }],
        [{ type: "update_config", service: "database", key: "analytics_concurrency", value: 0 }],
      ],
    },
  ],
});
