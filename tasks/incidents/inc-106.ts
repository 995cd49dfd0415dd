import { defineTask } from "../../env/core/task.ts";

/** Errors come and go as hosts drop out. */
export default defineTask({
  id: "inc-106",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 3, 2, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  keep: [{ service: "web_server", key: "max_workers" }],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "leak" }],
      load: 1.2,
      standing: [
        { service: "load_balancer", key: "unhealthy_threshold", value: 2, hours_ago: { between: [2.5, 7.5] } },
      ],
      deployed_minutes_ago: { between: [24.5, 31.5] },
      faults: [{ class: "leak", memory_mb: { between: [11.5, 12.5] }, memory_at_onset_mb: [1800, 2500, 3100, 3700] }],
      onset: [{ ticks: 60 }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["memory_mb{host}"] },
        { kind: "logs", service: "web_server", line: "gc_pause" },
        { kind: "config", service: "web_server", key: "app_version" },
      ],
      accepted: [{ service: "web_server", key: "app_version", is: ["<release.previous>", "<release.oldest>"] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }]],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "memory_limit_mb", value: 8192 }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 5000 }],
        [{ type: "update_config", service: "load_balancer", key: "unhealthy_threshold", value: 3 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "crash" }],
      load: 1.2,
      standing: [
        { service: "load_balancer", key: "unhealthy_threshold", value: 2, hours_ago: { between: [2.5, 7.5] } },
      ],
      deployed_minutes_ago: { between: [24.5, 31.5] },
      faults: [{ class: "crash", dead_workers: { hosts: 2, alive: { between: [0.21, 0.3] } } }],
      onset: [{ ticks: 60 }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["live_worker_ratio{host}"] },
        { kind: "metrics", service: "web_server", rows: ["memory_mb"], shows: "normal" },
        { kind: "logs", service: "web_server", line: "respawn_given_up" },
        { kind: "config", service: "web_server", key: "app_version" },
      ],
      accepted: [{ restart: "web_server" }],
      fixes: [[{ type: "restart_service", service: "web_server" }]],
      distractors: [
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 5000 }],
        [{ type: "update_config", service: "load_balancer", key: "unhealthy_threshold", value: 3 }],
      ],
    },
  ],
});
