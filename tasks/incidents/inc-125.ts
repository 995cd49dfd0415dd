import { defineTask } from "../../env/core/task.ts";

/** Order jobs starve although nothing fails. */
export default defineTask({
  id: "inc-125",
  spec_version: 1,
  difficulty: "hard",
  rubric: [0, 3, 2, 0, 1, 1, 0, 0],
  pages_on: "queue_age_s",
  source: "Noisy neighbours on shared queues",
  keep: [
    { service: "message_queue", key: "memory_limit_mb" },
    { service: "message_queue", key: "visibility_timeout_ms" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "noisy" }],
      load: 1.1,
      batch_usual_rps: { between: [37.5, 42.5] },
      faults: [{ class: "noisy", batch_rps: { between: [185.5, 195.5] } }],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["published_per_s{batch}"] },
        { kind: "logs", service: "message_queue", line: "producer_rate" },
        { kind: "metrics", service: "web_server", rows: ["rps"], shows: "normal" },
      ],
      accepted: [{ service: "message_queue", key: "batch_publish_limit_rps", between: [1, 50] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 25 }],
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 40 }],
      ],
      recovery_ticks: 9,
      distractors: [
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 220 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 1 }],
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 80 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "capacity" }],
      load: 1.1,
      batch_usual_rps: { between: [37.5, 42.5] },
      faults: [{ class: "capacity", set: [{ service: "message_queue", key: "consumer_concurrency", value: 44 }] }],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["published_per_s{batch}"], shows: "normal" },
        { kind: "metrics", service: "message_queue", rows: ["consumer_busy_ratio", "capacity_per_s"] },
        { kind: "config", service: "message_queue", key: "consumer_concurrency" },
      ],
      accepted: [{ service: "message_queue", key: "consumer_concurrency", between: [74, 160] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 80 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 76 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 3 }],
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 1 }],
      ],
    },
  ],
});
