import { defineTask } from "../../env/core/task.ts";

/** No host is in rotation, although the web tier answers. */
export default defineTask({
  id: "inc-116",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "Stack Exchange, 2016-07-20: probes of a page that had become slow",
  siblings: [
    {
      diagnosis: [{ service: "load_balancer", fault: "health_check" }],
      faults: [
        {
          class: "health_check",
          set: [{ service: "load_balancer", key: "health_check_path", value: { one_of: ["/status", "/"] } }],
        },
      ],
      needed: [
        { kind: "logs", service: "load_balancer", line: "probe_status" },
        { kind: "config", service: "load_balancer", key: "health_check_path" },
        { kind: "status", service: "web_server", shows: "up" },
      ],
      accepted: [{ service: "load_balancer", key: "health_check_path", is: ["/healthz", "/readyz"] }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "health_check_path", value: "/healthz" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_path", value: "/readyz" }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "crash" }],
      faults: [{ class: "crash", dead_workers: { hosts: 4, alive: 0.1 } }],
      needed: [
        { kind: "status", service: "web_server", shows: "degraded" },
        { kind: "metrics", service: "web_server", rows: ["live_worker_ratio"] },
        { kind: "logs", service: "load_balancer", line: "probe_timeout" },
      ],
      accepted: [{ restart: "web_server" }],
      fixes: [[{ type: "restart_service", service: "web_server" }]],
      distractors: [
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_path", value: "/readyz" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 5000 }],
      ],
    },
  ],
});
