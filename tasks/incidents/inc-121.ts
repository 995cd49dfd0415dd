import { defineTask } from "../../env/core/task.ts";

/** A third of the requests is rejected, and the system is idle. */
export default defineTask({
  id: "inc-121",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "limit" }],
      faults: [
        { class: "limit", set: [{ service: "web_server", key: "rate_limit_rps", value: { between: [210, 230] } }] },
      ],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["error_429_ratio"] },
        { kind: "config", service: "web_server", key: "rate_limit_rps" },
      ],
      accepted: [{ service: "web_server", key: "rate_limit_rps", between: [320, 20_000], or: 0 }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "rate_limit_rps", value: 0 }],
        [{ type: "update_config", service: "web_server", key: "rate_limit_rps", value: 600 }],
      ],
      distractors: [
        [{ type: "update_config", service: "web_server", key: "rate_limit_rps", value: 250 }],
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 16_000 }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "limit" }],
      faults: [
        {
          class: "limit",
          set: [{ service: "load_balancer", key: "rate_limit_rps", value: { between: [770, 830] }, hours_ago: 22 }],
        },
      ],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["rate_limited_rps"] },
        { kind: "config", service: "load_balancer", key: "rate_limit_rps" },
      ],
      accepted: [{ service: "load_balancer", key: "rate_limit_rps", between: [1500, 20_000], or: 0 }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 }],
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 2000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 900 }],
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 16_000 }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
  ],
});
