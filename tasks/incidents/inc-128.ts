import { defineTask } from "../../env/core/task.ts";

/** A backlog grows because too few consumers work. */
export default defineTask({
  id: "inc-128",
  spec_version: 1,
  difficulty: "easy",
  rubric: [0, 2, 0, 0, 1, 0, 0, 0],
  pages_on: "queue_age_s",
  keep: [{ service: "message_queue", key: "memory_limit_mb" }],
  source: "AWS Builders' Library, on queue backlogs",
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "capacity" }],
      faults: [
        {
          class: "capacity",
          set: [{ service: "message_queue", key: "consumer_concurrency", value: { between: [22, 26] } }],
        },
      ],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["consumer_busy_ratio", "capacity_per_s"] },
        { kind: "config", service: "message_queue", key: "consumer_concurrency" },
      ],
      accepted: [{ service: "message_queue", key: "consumer_concurrency", between: [56, 200] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 120 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 80 }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 36 }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "restart_service", service: "message_queue" }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "crash" }],
      faults: [{ class: "crash", hung_consumers: 0.7 }],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["consumers_active"] },
        { kind: "logs", service: "message_queue", line: "heartbeat_lost" },
      ],
      accepted: [{ restart: "message_queue" }],
      fixes: [[{ type: "restart_service", service: "message_queue" }]],
      recovery_ticks: 6,
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 120 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 200 }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
        [{ type: "restart_service", service: "database" }],
      ],
    },
  ],
});
