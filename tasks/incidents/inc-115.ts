import { defineTask } from "../../env/core/task.ts";

/** Everything works, then nothing does, every few seconds. */
export default defineTask({
  id: "inc-115",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 3, 1, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  source: "AWS, 2025-10-20 (load balancer health checks); AWS Builders' Library",
  keep: [{ service: "load_balancer", key: "health_check_interval_s" }],
  siblings: [
    {
      diagnosis: [{ service: "load_balancer", fault: "health_check" }],
      load: 1.2,
      faults: [
        {
          class: "health_check",
          set: [
            { service: "load_balancer", key: "health_check_timeout_ms", value: 5 },
            { service: "load_balancer", key: "unhealthy_threshold", value: 1 },
          ],
        },
      ],
      needed: [
        { kind: "logs", service: "load_balancer", line: "ejected" },
        { kind: "metrics", service: "web_server", rows: ["queue_wait_ms"], shows: "normal" },
        { kind: "config", service: "load_balancer", key: "health_check_timeout_ms" },
      ],
      accepted: [
        { service: "load_balancer", key: "health_check_timeout_ms", between: [200, 5000] },
        { service: "load_balancer", key: "unhealthy_threshold", between: [2, 5] },
      ],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 2000 }],
        [
          { type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 500 },
          { type: "update_config", service: "load_balancer", key: "unhealthy_threshold", value: 3 },
        ],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "unhealthy_threshold", value: 3 }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 20 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "capacity" }],
      load: 1.25,
      standing: [
        {
          service: "load_balancer",
          key: "health_check_timeout_ms",
          value: 500,
          hours_ago: { between: [200.5, 900.5] },
        },
        { service: "load_balancer", key: "unhealthy_threshold", value: 1, hours_ago: { between: [200.5, 900.5] } },
      ],
      faults: [{ class: "capacity", set: [{ service: "web_server", key: "max_workers", value: 10 }] }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["worker_busy_ratio", "queue_wait_ms"] },
        { kind: "logs", service: "load_balancer", line: "probe_timeout" },
        { kind: "config", service: "web_server", key: "max_workers" },
      ],
      accepted: [{ service: "web_server", key: "max_workers", between: [32, 1600] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 128 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 32 }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "unhealthy_threshold", value: 3 }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "load_balancer", key: "health_check_timeout_ms", value: 2000 }],
      ],
    },
  ],
});
