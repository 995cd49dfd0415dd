import { defineTask } from "../../env/core/task.ts";

/** One request in ten fails. */
export default defineTask({
  id: "inc-109",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "HikariCP on pool sizing",
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "pool" }],
      load: { between: [1.01, 1.03] },
      faults: [{ class: "pool", set: [{ service: "web_server", key: "db_pool_size", value: 3 }] }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["pool_use_ratio"] },
        { kind: "metrics", service: "web_server", rows: ["pool_wait_ms"] },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"], shows: "normal" },
        { kind: "config", service: "web_server", key: "db_pool_size" },
      ],
      accepted: [{ service: "web_server", key: "db_pool_size", between: [6, 60] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 20 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 12 }],
      ],
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_acquire_timeout_ms", value: 3000 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
      ],
    },
    {
      diagnosis: [{ service: "database", fault: "limit" }],
      faults: [{ class: "limit", set: [{ service: "database", key: "max_connections", value: 57 }] }],
      needed: [
        { kind: "logs", service: "database", line: "connection_refused" },
        { kind: "metrics", service: "database", rows: ["refused_per_s"] },
        { kind: "config", service: "database", key: "max_connections" },
      ],
      accepted: [{ service: "database", key: "max_connections", between: [100, 600] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "max_connections", value: 300 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 100 }],
      ],
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_acquire_timeout_ms", value: 3000 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 40 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 90 }],
      ],
    },
  ],
});
