import { defineTask } from "../../env/core/task.ts";

/** Orders are processed later and later. */
export default defineTask({
  id: "inc-139",
  spec_version: 1,
  difficulty: "medium",
  rubric: [0, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "queue_age_s",
  source: "Foursquare 2010 (hot shard)",
  keep: [{ service: "message_queue", key: "memory_limit_mb" }],
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "limit" }],
      faults: [
        { class: "limit", set: [{ service: "message_queue", key: "max_in_flight", value: { between: [22, 26] } }] },
      ],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["in_flight"] },
        { kind: "metrics", service: "message_queue", rows: ["consumer_busy_ratio"] },
        { kind: "config", service: "message_queue", key: "max_in_flight" },
        { kind: "logs", service: "message_queue", line: "in_flight_limit" },
      ],
      accepted: [{ service: "message_queue", key: "max_in_flight", between: [64, 1024] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 256 }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 64 }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "partition_key", value: "customer_id" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 40 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "routing" }],
      faults: [
        {
          class: "routing",
          set: [{ service: "message_queue", key: "partition_key", value: "region" }],
          hot_partition: { between: [0.67, 0.73] },
        },
      ],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["depth_share{p0}"] },
        { kind: "config", service: "message_queue", key: "partition_key" },
        { kind: "logs", service: "message_queue", line: "partition_depth" },
      ],
      accepted: [{ service: "message_queue", key: "partition_key", is: ["order_id", "customer_id"] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "partition_key", value: "order_id" }],
        [{ type: "update_config", service: "message_queue", key: "partition_key", value: "customer_id" }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 120 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "max_in_flight", value: 1000 }],
      ],
    },
  ],
});
