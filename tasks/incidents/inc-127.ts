import { defineTask } from "../../env/core/task.ts";

/** Most of the web tier's workers are gone, or there were never enough. */
export default defineTask({
  id: "inc-127",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "load_balancer", key: "health_check_timeout_ms" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "crash" }],
      load: 1.25,
      standing: [{ service: "web_server", key: "max_workers", value: 32 }],
      faults: [{ class: "crash", dead_workers: { hosts: 3, alive: 0.21 } }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["live_worker_ratio{host}"] },
        { kind: "logs", service: "web_server", line: "worker_exit" },
        { kind: "status", service: "web_server", shows: "degraded" },
      ],
      accepted: [{ restart: "web_server" }],
      fixes: [[{ type: "restart_service", service: "web_server" }]],
      distractors: [
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 5000 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "capacity" }],
      load: 1.25,
      faults: [{ class: "capacity", set: [{ service: "web_server", key: "max_workers", value: 6 }] }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["worker_busy_ratio"] },
        { kind: "config", service: "web_server", key: "max_workers" },
        { kind: "logs", service: "load_balancer", line: "upstream_error" },
      ],
      accepted: [{ service: "web_server", key: "max_workers", between: [24, 1600] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 128 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 48 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 5000 }],
      ],
    },
  ],
});
