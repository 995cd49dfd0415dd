import { defineTask } from "../../env/core/task.ts";

/** Some users see errors or wait, others notice nothing. */
export default defineTask({
  id: "inc-112",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "gray failures (SREGym #783)",
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "load_balancer", key: "health_check_timeout_ms" },
    { service: "load_balancer", key: "health_check_interval_s" },
    { service: "load_balancer", key: "unhealthy_threshold" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "load_balancer", fault: "routing" }],
      load: 0.95,
      standing: [{ service: "web_server", key: "max_workers", value: { between: [21, 25] } }],
      faults: [{ class: "routing", set: [{ service: "load_balancer", key: "sticky_sessions", value: true }] }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["share_ratio{host}"] },
        { kind: "metrics", service: "web_server", rows: ["rps{host}", "worker_busy_ratio{host}"] },
        { kind: "config", service: "load_balancer", key: "sticky_sessions" },
      ],
      accepted: [{ service: "load_balancer", key: "sticky_sessions", is: [false] }],
      fixes: [[{ type: "update_config", service: "load_balancer", key: "sticky_sessions", value: false }]],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 28 }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "routing" }],
      load: 1.35,
      standing: [{ service: "web_server", key: "max_workers", value: { one_of: [225, 230, 235] } }],
      faults: [
        {
          class: "routing",
          set: [
            { service: "load_balancer", key: "weight_web_<host.a>", value: 72 },
            { service: "load_balancer", key: "weight_web_<host.b>", value: 9 },
            { service: "load_balancer", key: "weight_web_<host.c>", value: 9 },
            { service: "load_balancer", key: "weight_web_<host.d>", value: 10 },
          ],
        },
      ],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["share_ratio{host}"] },
        { kind: "metrics", service: "web_server", rows: ["rps{host}", "worker_busy_ratio{host}"] },
        { kind: "config", service: "load_balancer", key: "weight_web_<host.a>" },
      ],
      accepted: [
        { service: "load_balancer", key: "weight_web_<host.a>", between: [5, 25] },
        { service: "load_balancer", key: "weight_web_<host.b>", between: [25, 85] },
        { service: "load_balancer", key: "weight_web_<host.c>", between: [25, 85] },
        { service: "load_balancer", key: "weight_web_<host.d>", between: [25, 85] },
      ],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 8 }],
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 25 }],
        [
          { type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 25 },
          { type: "update_config", service: "load_balancer", key: "weight_web_<host.b>", value: 25 },
          { type: "update_config", service: "load_balancer", key: "weight_web_<host.c>", value: 25 },
          { type: "update_config", service: "load_balancer", key: "weight_web_<host.d>", value: 25 },
        ],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
        [{ type: "update_config", service: "web_server", key: "rate_limit_rps", value: 400 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "degraded_host" }],
      load: 1.15,
      faults: [{ class: "degraded_host", slow_factor: { between: [6.5, 8.5] } }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["cpu_ratio{host}", "queue_wait_ms{host}"] },
        { kind: "logs", service: "load_balancer", line: "probe_timeout" },
        { kind: "metrics", service: "load_balancer", rows: ["probe_latency_ms{host}", "share_ratio{host}"] },
      ],
      accepted: [{ service: "load_balancer", key: "weight_web_<host.a>", between: [0, 6] }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 0 }],
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 3 }],
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 6 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.b>", value: 0 }],
        [{ type: "update_config", service: "load_balancer", key: "weight_web_<host.a>", value: 12 }],
      ],
    },
  ],
});
