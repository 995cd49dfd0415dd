import { defineTask } from "../../env/core/task.ts";

/** Users get 503 at a busy hour. */
export default defineTask({
  id: "inc-102",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  keep: [
    { service: "load_balancer", key: "health_check_timeout_ms" },
    { service: "cache", key: "max_clients" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "capacity" }],
      load: 1.25,
      faults: [
        { class: "capacity", set: [{ service: "web_server", key: "max_workers", value: { one_of: [14, 15, 16] } }] },
      ],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["worker_busy_ratio", "cpu_ratio"] },
        { kind: "config", service: "web_server", key: "max_workers" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"], shows: "normal" },
      ],
      accepted: [{ service: "web_server", key: "max_workers", between: [24, 1000] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 128 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 48 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 16_000 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 18 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "capacity" }],
      load: 1.25,
      standing: [{ service: "web_server", key: "max_workers", value: 320 }],
      faults: [
        {
          class: "capacity",
          set: [{ service: "web_server", key: "memory_limit_mb", value: { between: [1628, 1650] } }],
          host_memory_mb: 1500,
        },
      ],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["cpu_ratio"] },
        { kind: "logs", service: "web_server", line: "gc_pause" },
        { kind: "config", service: "web_server", key: "memory_limit_mb" },
      ],
      accepted: [{ service: "web_server", key: "memory_limit_mb", between: [2600, 8192] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "memory_limit_mb", value: 4096 }],
        [{ type: "update_config", service: "web_server", key: "memory_limit_mb", value: 2700 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "update_config", service: "load_balancer", key: "max_connections", value: 16_000 }],
        [{ type: "update_config", service: "web_server", key: "max_workers", value: 500 }],
      ],
    },
  ],
});
