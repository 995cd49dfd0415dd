import { defineTask } from "../../env/core/task.ts";

/** Requests fail now and then. */
export default defineTask({
  id: "inc-105",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 1, 1, 0, 0],
  pages_on: "availability_ratio",
  keep: [{ service: "web_server", key: "db_acquire_timeout_ms" }],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "timeout" }],
      standing: [{ service: "web_server", key: "retry_max", value: 0 }],
      faults: [{ class: "timeout", set: [{ service: "web_server", key: "db_timeout_ms", value: 28 }] }],
      needed: [
        { kind: "logs", service: "web_server", line: "query_timeout" },
        { kind: "metrics", service: "database", rows: ["latency_ms{replica}"], shows: "normal" },
        { kind: "config", service: "web_server", key: "db_timeout_ms" },
      ],
      accepted: [{ service: "web_server", key: "db_timeout_ms", between: [60, 5000] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 1000 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 300 }],
      ],
      distractors: [
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "read_replica_enabled", value: false }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "feature_flag" }],
      load: { between: [1.12, 1.14] },
      standing: [
        { service: "web_server", key: "retry_max", value: 0 },
        { service: "web_server", key: "db_timeout_ms", value: 200 },
      ],
      faults: [{ class: "feature_flag", set: [{ service: "web_server", key: "flag_bulk_prefetch", value: true }] }],
      needed: [
        { kind: "logs", service: "web_server", line: "query_timeout" },
        { kind: "metrics", service: "database", rows: ["queries_per_s{replica}"] },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
        { kind: "config", service: "web_server", key: "flag_bulk_prefetch" },
      ],
      accepted: [{ service: "web_server", key: "flag_bulk_prefetch", is: [false] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "flag_bulk_prefetch", value: false }]],
      recovery_ticks: 6,
      distractors: [
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 3000 }],
      ],
    },
  ],
});
