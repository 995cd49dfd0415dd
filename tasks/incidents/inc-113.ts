import { defineTask } from "../../env/core/task.ts";

/** The edge has no connections left. */
export default defineTask({
  id: "inc-113",
  spec_version: 1,
  difficulty: "easy",
  rubric: [0, 2, 0, 0, 0, 0, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "load_balancer", fault: "limit" }],
      faults: [
        {
          class: "limit",
          set: [{ service: "load_balancer", key: "max_connections", value: { between: [2400, 2600] } }],
        },
      ],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["connection_use_ratio", "rejected_connections_per_s"] },
        { kind: "config", service: "load_balancer", key: "max_connections" },
      ],
      accepted: [
        { service: "load_balancer", key: "max_connections", between: [4200, 16_000] },
        { service: "load_balancer", key: "keepalive_s", between: [2, 8] },
      ],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 8000 }],
        [
          { type: "update_config", service: "load_balancer", key: "keepalive_s", value: 5 },
          { type: "update_config", service: "load_balancer", key: "max_connections", value: 5000 },
        ],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 3000 }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "timeout" }],
      faults: [
        { class: "timeout", set: [{ service: "load_balancer", key: "keepalive_s", value: { between: [55, 65] } }] },
      ],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["connection_use_ratio", "rejected_connections_per_s"] },
        { kind: "config", service: "load_balancer", key: "keepalive_s" },
      ],
      accepted: [
        { service: "load_balancer", key: "keepalive_s", between: [2, 30] },
        { service: "load_balancer", key: "max_connections", between: [16_000, 16_000] },
      ],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "keepalive_s", value: 15 }],
        [{ type: "update_config", service: "load_balancer", key: "keepalive_s", value: 25 }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "keepalive_s", value: 45 }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 256 }],
      ],
    },
  ],
});
