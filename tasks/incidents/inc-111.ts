import { defineTask } from "../../env/core/task.ts";

/** Pages grew slower for hours, and now some fail. */
export default defineTask({
  id: "inc-111",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 0, 0, 1, 0],
  pages_on: "latency_p95_ms",
  source: "Sentry 2015, Joyent 2015",
  keep: [
    { service: "web_server", key: "memory_limit_mb" },
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "load_balancer", key: "health_check_timeout_ms" },
    { service: "load_balancer", key: "health_check_interval_s" },
    { service: "load_balancer", key: "unhealthy_threshold" },
    { service: "database", key: "checkpoint_timeout_s" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "maintenance" }],
      faults: [
        {
          class: "maintenance",
          set: [{ service: "database", key: "autovacuum", value: false, hours_ago: 2 }],
          bloat: { between: [0.285, 0.3] },
          bloat_per_hour: 0.2,
        },
      ],
      deployed_minutes_ago: { between: [120, 260] },
      onset: [{ ticks: 160 }],
      needed: [
        { kind: "metrics", service: "database", rows: ["dead_tuple_ratio"] },
        { kind: "logs", service: "database", line: "autovacuum_skipped" },
        { kind: "config", service: "database", key: "autovacuum" },
      ],
      accepted: [{ service: "database", key: "autovacuum", is: [true] }],
      fixes: [[{ type: "update_config", service: "database", key: "autovacuum", value: true }]],
      recovery_ticks: 12,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "leak" }],
      load: 1.3,
      standing: [{ service: "web_server", key: "max_workers", value: 400 }],
      faults: [{ class: "leak", memory_mb: 0.4, memory_at_onset_mb: [3360, 3360, 3360, 3360] }],
      deployed_minutes_ago: { between: [225, 255] },
      onset: [{ ticks: 160 }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["memory_mb"] },
        { kind: "metrics", service: "web_server", rows: ["cpu_ratio"] },
        { kind: "logs", service: "web_server", line: "gc_pause" },
        { kind: "config", service: "web_server", key: "app_version" },
      ],
      accepted: [{ service: "web_server", key: "app_version", is: ["<release.previous>", "<release.oldest>"] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }]],
      recovery_ticks: 4,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "memory_limit_mb", value: 8192 }],
      ],
    },
  ],
});
