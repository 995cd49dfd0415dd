import { defineTask } from "../../env/core/task.ts";

/** Customers are charged twice. */
export default defineTask({
  id: "inc-110",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 1, 1, 0, 1, 0, 0, 0],
  pages_on: "duplicate_ratio",
  keep: [{ service: "message_queue", key: "memory_limit_mb" }],
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [{ service: "message_queue", key: "visibility_timeout_ms", value: { one_of: [4800, 5000, 5200] } }],
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "redelivered" },
        { kind: "metrics", service: "message_queue", rows: ["redelivered_ratio"] },
        { kind: "metrics", service: "message_queue", rows: ["job_time_s"] },
        { kind: "config", service: "message_queue", key: "visibility_timeout_ms" },
      ],
      accepted: [{ service: "message_queue", key: "visibility_timeout_ms", between: [20_000, 900_000] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 20_000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 8000 }],
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 16_000 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "crash" }],
      faults: [
        {
          class: "crash",
          hung_consumers: { between: [0.57, 0.62] },
          stale_sessions: { between: [0.0126, 0.0138] },
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "ack_refused" },
        { kind: "metrics", service: "message_queue", rows: ["redelivered_ratio"] },
        { kind: "metrics", service: "message_queue", rows: ["consumers_active"] },
        { kind: "config", service: "message_queue", key: "visibility_timeout_ms" },
      ],
      accepted: [{ restart: "message_queue" }],
      fixes: [[{ type: "restart_service", service: "message_queue" }]],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 120_000 }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
      ],
    },
  ],
});
