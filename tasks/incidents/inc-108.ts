import { defineTask } from "../../env/core/task.ts";

/** A cache outage seen as edge errors. */
export default defineTask({
  id: "inc-108",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 0, 0, 0, 0],
  pages_on: "availability_ratio",
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "cache", key: "ttl_s" },
    { service: "cache", key: "eviction_policy" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "cache", fault: "crash" }],
      load: 1.05,
      faults: [{ class: "crash", down: "cache" }],
      needed: [
        { kind: "status", service: "cache", shows: "down" },
        { kind: "logs", service: "web_server", line: "cache_refused" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
        { kind: "metrics", service: "web_server", rows: ["worker_busy_ratio"] },
      ],
      accepted: [{ restart: "cache" }],
      fixes: [[{ type: "restart_service", service: "cache" }]],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 8192 }],
      ],
    },
    {
      diagnosis: [{ service: "cache", fault: "limit" }],
      load: 1.05,
      faults: [{ class: "limit", set: [{ service: "cache", key: "max_clients", value: { between: [120, 160] } }] }],
      needed: [
        { kind: "metrics", service: "cache", rows: ["rejected_clients_per_s"] },
        { kind: "logs", service: "cache", line: "client_refused" },
        { kind: "config", service: "cache", key: "max_clients" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
      ],
      accepted: [{ service: "cache", key: "max_clients", between: [600, 20_000] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "max_clients", value: 4000 }],
        [{ type: "update_config", service: "cache", key: "max_clients", value: 800 }],
      ],
      recovery_ticks: 7,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 8192 }],
      ],
    },
  ],
});
