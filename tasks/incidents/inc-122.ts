import { defineTask } from "../../env/core/task.ts";

/** Product pages are slow since the cache was changed. */
export default defineTask({
  id: "inc-122",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 3, 2, 0, 1, 0, 0, 0],
  pages_on: "latency_p95_ms",
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "cache", key: "eviction_policy" },
    { service: "cache", key: "max_memory_mb" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "index" }],
      load: 1.2,
      faults: [
        {
          class: "index",
          set: [
            { service: "database", key: "idx_products_sku", value: "invalid" },
            { service: "cache", key: "ttl_s", value: { between: [80, 92] } },
          ],
        },
      ],
      needed: [
        { kind: "logs", service: "database", line: "seq_scan_products" },
        { kind: "metrics", service: "database", rows: ["rows_per_query{replica}"] },
        { kind: "metrics", service: "cache", rows: ["hit_ratio"] },
        { kind: "config", service: "database", key: "idx_products_sku" },
      ],
      accepted: [{ service: "database", key: "idx_products_sku", is: ["valid"] }],
      fixes: [[{ type: "update_config", service: "database", key: "idx_products_sku", value: "valid" }]],
      recovery_ticks: 12,
      distractors: [
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
        [{ type: "update_config", service: "database", key: "idx_orders_user", value: "valid" }],
      ],
    },
    {
      diagnosis: [{ service: "cache", fault: "ttl" }],
      load: 1.25,
      standing: [
        { service: "database", key: "idx_products_sku", value: "valid", hours_ago: { between: [20.5, 30.5] } },
      ],
      faults: [{ class: "ttl", set: [{ service: "cache", key: "ttl_s", value: { between: [12, 18] } }] }],
      needed: [
        { kind: "metrics", service: "cache", rows: ["hit_ratio", "expirations_per_s"] },
        { kind: "config", service: "cache", key: "ttl_s" },
        { kind: "metrics", service: "database", rows: ["rows_per_query{replica}"], shows: "normal" },
        { kind: "config", service: "database", key: "idx_products_sku" },
      ],
      accepted: [{ service: "cache", key: "ttl_s", between: [120, 1800] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 300 }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 120 }],
      ],
      recovery_ticks: 12,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
        [{ type: "update_config", service: "database", key: "idx_products_sku", value: "valid" }],
        [{ type: "update_config", service: "database", key: "idx_orders_user", value: "valid" }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 30 }],
      ],
    },
  ],
});
