import { defineTask } from "../../env/core/task.ts";

/** Two thirds of the users are turned away, and those who get in see nothing wrong. */
export default defineTask({
  id: "inc-138",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 2, 2, 2, 1, 1, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "index" }],
      faults: [
        {
          class: "limit",
          set: [
            {
              service: "load_balancer",
              key: "rate_limit_rps",
              value: { between: [395, 420] },
              hours_ago: { between: [19.5, 26.5] },
            },
          ],
        },
        { class: "index", set: [{ service: "database", key: "idx_orders_user", value: "invalid" }] },
      ],
      onset: [{ ticks: 240 }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["rate_limited_rps"] },
        { kind: "config", service: "load_balancer", key: "rate_limit_rps" },
        { kind: "metrics", service: "database", rows: ["rows_per_query{replica}"] },
        { kind: "logs", service: "database", line: "seq_scan_orders" },
      ],
      accepted: [
        { service: "database", key: "idx_orders_user", is: ["valid"] },
        { service: "load_balancer", key: "rate_limit_rps", between: [1500, 20_000], or: 0 },
      ],
      fixes: [
        [
          { type: "update_config", service: "database", key: "idx_orders_user", value: "valid" },
          { wait: 1 },
          { type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 },
        ],
        [
          { type: "update_config", service: "database", key: "idx_orders_user", value: "valid" },
          { type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 1600 },
        ],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 }],
        [{ type: "update_config", service: "database", key: "idx_orders_user", value: "valid" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "feature_flag" }],
      faults: [
        {
          class: "limit",
          set: [
            {
              service: "load_balancer",
              key: "rate_limit_rps",
              value: { between: [395, 420] },
              hours_ago: { between: [19.5, 26.5] },
            },
          ],
        },
        { class: "feature_flag", set: [{ service: "web_server", key: "use_cache", value: false }] },
      ],
      onset: [{ ticks: 240 }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["rate_limited_rps"] },
        { kind: "config", service: "load_balancer", key: "rate_limit_rps" },
        { kind: "metrics", service: "cache", rows: ["ops_per_s"] },
        { kind: "config", service: "web_server", key: "use_cache" },
      ],
      accepted: [
        { service: "web_server", key: "use_cache", is: [true] },
        { service: "load_balancer", key: "rate_limit_rps", between: [1500, 20_000], or: 0 },
      ],
      fixes: [
        [
          { type: "update_config", service: "web_server", key: "use_cache", value: true },
          { wait: 4 },
          { type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 },
        ],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 }],
        [{ type: "update_config", service: "web_server", key: "use_cache", value: true }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
      ],
    },
  ],
});
