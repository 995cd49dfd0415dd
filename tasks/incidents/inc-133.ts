import { defineTask } from "../../env/core/task.ts";

/** Order jobs are ten minutes late. */
export default defineTask({
  id: "inc-133",
  spec_version: 1,
  difficulty: "hard",
  rubric: [0, 3, 2, 0, 1, 1, 0, 0],
  pages_on: "queue_age_s",
  source: "Kafka poison pills (SREGym)",
  keep: [{ service: "message_queue", key: "memory_limit_mb" }],
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "retry" }],
      faults: [
        {
          class: "retry",
          set: [{ service: "message_queue", key: "retry_limit", value: 50 }],
          poison_share: { between: [0.0043, 0.005] },
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "poison" },
        { kind: "metrics", service: "message_queue", rows: ["attempts_per_message", "poison_per_s"] },
        { kind: "config", service: "message_queue", key: "retry_limit" },
      ],
      accepted: [{ service: "message_queue", key: "retry_limit", between: [3, 10] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 4 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 3 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 8 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 110 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 1 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 2 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 20 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [{ service: "message_queue", key: "visibility_timeout_ms", value: 5000 }],
          heavy_share: { between: [0.025, 0.0275] },
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "redelivered" },
        { kind: "metrics", service: "message_queue", rows: ["redelivered_ratio", "job_time_s"] },
        { kind: "config", service: "message_queue", key: "visibility_timeout_ms" },
      ],
      accepted: [{ service: "message_queue", key: "visibility_timeout_ms", between: [20_000, 900_000] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 30_000 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 110 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 200 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 3 }],
      ],
    },
  ],
});
