import { defineTask } from "../../env/core/task.ts";

/** Pages fail and crawl at a busy hour. */
export default defineTask({
  id: "inc-114",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "Facebook, 2010-09-23",
  keep: [{ service: "cache", key: "eviction_policy" }],
  siblings: [
    {
      diagnosis: [{ service: "cache", fault: "ttl" }],
      load: { between: [1.26, 1.3] },
      faults: [{ class: "ttl", set: [{ service: "cache", key: "ttl_s", value: { between: [11, 14] } }] }],
      needed: [
        { kind: "metrics", service: "cache", rows: ["hit_ratio"] },
        { kind: "metrics", service: "cache", rows: ["expirations_per_s"] },
        { kind: "config", service: "cache", key: "ttl_s" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}", "queries_per_s{replica}"] },
      ],
      accepted: [{ service: "cache", key: "ttl_s", between: [120, 1800] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 180 }],
      ],
      recovery_ticks: 11,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 8192 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 25 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 90 }],
      ],
    },
    {
      diagnosis: [{ service: "cache", fault: "capacity" }],
      load: { between: [1.27, 1.295] },
      faults: [{ class: "capacity", working_set_mb: { between: [11_800, 12_100] } }],
      needed: [
        { kind: "metrics", service: "cache", rows: ["working_set_mb"] },
        { kind: "metrics", service: "cache", rows: ["evictions_per_s"] },
        { kind: "config", service: "cache", key: "max_memory_mb" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}", "queries_per_s{replica}"] },
      ],
      accepted: [{ service: "cache", key: "max_memory_mb", between: [11_000, 16_384] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 16_384 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 12_288 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 11_000 }],
      ],
      recovery_ticks: 11,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 900 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 5000 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 8000 }],
      ],
    },
  ],
});
