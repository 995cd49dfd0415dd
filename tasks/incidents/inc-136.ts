import { defineTask } from "../../env/core/task.ts";

/** Some checkouts fail. */
export default defineTask({
  id: "inc-136",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "timeout" }],
      faults: [
        { class: "timeout", set: [{ service: "web_server", key: "publish_timeout_ms", value: { one_of: [9, 10] } }] },
      ],
      needed: [
        { kind: "logs", service: "web_server", line: "publish_timeout" },
        { kind: "metrics", service: "message_queue", rows: ["publish_latency_ms"], shows: "normal" },
        { kind: "config", service: "web_server", key: "publish_timeout_ms" },
      ],
      accepted: [{ service: "web_server", key: "publish_timeout_ms", between: [20, 2000] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 800 }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 200 }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 20 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 11 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "capacity" }],
      faults: [
        {
          class: "capacity",
          set: [{ service: "message_queue", key: "memory_limit_mb", value: { between: [450, 457] } }],
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "watermark" },
        { kind: "metrics", service: "message_queue", rows: ["memory_use_ratio"] },
        { kind: "metrics", service: "message_queue", rows: ["publish_latency_ms"] },
        { kind: "config", service: "message_queue", key: "memory_limit_mb" },
      ],
      accepted: [{ service: "message_queue", key: "memory_limit_mb", between: [1024, 16_384] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "memory_limit_mb", value: 4096 }],
        [{ type: "update_config", service: "message_queue", key: "memory_limit_mb", value: 1024 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 160 }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 2000 }],
      ],
    },
  ],
});
