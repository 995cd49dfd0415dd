import { defineTask } from "../../env/core/task.ts";

/** Account pages are slow and fail. */
export default defineTask({
  id: "inc-132",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 0, 1, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "index" }],
      load: 0.85,
      standing: [{ service: "web_server", key: "db_acquire_timeout_ms", value: { one_of: [600, 700, 800, 900] } }],
      faults: [{ class: "index", set: [{ service: "database", key: "idx_orders_user", value: "invalid" }] }],
      needed: [
        { kind: "logs", service: "database", line: "seq_scan_orders" },
        { kind: "metrics", service: "database", rows: ["rows_per_query{replica}"] },
        { kind: "config", service: "database", key: "idx_orders_user" },
      ],
      accepted: [{ service: "database", key: "idx_orders_user", is: ["valid"] }],
      fixes: [[{ type: "update_config", service: "database", key: "idx_orders_user", value: "valid" }]],
      recovery_ticks: 11,
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 5000 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "idx_products_sku", value: "valid" }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "feature_flag" }],
      load: 1.25,
      standing: [
        { service: "web_server", key: "max_workers", value: 170 },
        { service: "web_server", key: "db_acquire_timeout_ms", value: { one_of: [200, 250, 300] } },
      ],
      faults: [{ class: "feature_flag", set: [{ service: "web_server", key: "flag_recs", value: true }] }],
      needed: [
        { kind: "metrics", service: "database", rows: ["queries_per_s{replica}"] },
        { kind: "metrics", service: "database", rows: ["rows_per_query{replica}"], shows: "normal" },
        { kind: "config", service: "web_server", key: "flag_recs" },
        { kind: "metrics", service: "web_server", rows: ["latency_ms{user}"] },
      ],
      accepted: [{ service: "web_server", key: "flag_recs", is: [false] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "flag_recs", value: false }]],
      recovery_ticks: 11,
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 5000 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "idx_products_sku", value: "valid" }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
  ],
});
