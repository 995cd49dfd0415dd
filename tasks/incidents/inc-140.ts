import { defineTask } from "../../env/core/task.ts";

/** Errors since the deploy. */
export default defineTask({
  id: "inc-140",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 3, 2, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  source: "Configuration pushes blamed on a deploy",
  keep: [
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "web_server", key: "retry_budget_pct" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "limit" }],
      deployed_minutes_ago: { between: [7.5, 9.5] },
      faults: [{ class: "limit", set: [{ service: "database", key: "max_connections", value: 54 }] }],
      onset: [{ ticks: 48 }],
      needed: [
        { kind: "logs", service: "database", line: "connection_refused" },
        { kind: "config", service: "database", key: "max_connections" },
        { kind: "config", service: "web_server", key: "app_version" },
        { kind: "metrics", service: "database", rows: ["refused_per_s"] },
      ],
      accepted: [{ service: "database", key: "max_connections", between: [100, 600] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "max_connections", value: 300 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 250 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 100 }],
      ],
      distractors: [
        [{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "leak" }],
      standing: [{ service: "database", key: "max_connections", value: 280, hours_ago: { between: [2.5, 7.5] } }],
      deployed_minutes_ago: { between: [9, 9.5] },
      faults: [{ class: "leak", connections: 0.025, connections_gone: 0 }],
      onset: [{ ticks: 36 }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["pool_use_ratio"] },
        { kind: "metrics", service: "database", rows: ["connections"] },
        { kind: "config", service: "web_server", key: "app_version" },
        { kind: "config", service: "database", key: "max_connections" },
      ],
      accepted: [{ service: "web_server", key: "app_version", is: ["<release.previous>", "<release.oldest>"] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }]],
      distractors: [
        [{ type: "update_config", service: "database", key: "max_connections", value: 300 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
  ],
});
