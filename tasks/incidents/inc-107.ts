import { defineTask } from "../../env/core/task.ts";

/** Some checkouts fail; all else is well. */
export default defineTask({
  id: "inc-107",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 3, 1, 0, 1, 0, 0, 1],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "external", fault: "dependency" }],
      answer: { escalate: "payment" },
      faults: [{ class: "dependency", payment_failure: { between: [0.19, 0.26] } }],
      past: [{ service: "web_server", line: "payment_notice", minutes_ago: { between: [14, 26] } }],
      needed: [
        { kind: "logs", service: "web_server", line: "payment_5xx" },
        { kind: "metrics", service: "web_server", rows: ["payment_error_ratio"] },
        { kind: "metrics", service: "message_queue", rows: ["publish_latency_ms"], shows: "normal" },
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }],
        [{ type: "update_config", service: "web_server", key: "retry_max", value: 2 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [{ service: "web_server", key: "publish_timeout_ms", value: { one_of: [8, 9, 10] } }],
        },
        { class: "dependency", payment_failure: 0.0005 },
      ],
      past: [{ service: "web_server", line: "payment_notice", minutes_ago: { between: [14, 26] } }],
      needed: [
        { kind: "logs", service: "web_server", line: "publish_timeout" },
        { kind: "metrics", service: "web_server", rows: ["publish_error_ratio"] },
        { kind: "metrics", service: "message_queue", rows: ["publish_latency_ms"], shows: "normal" },
        { kind: "config", service: "web_server", key: "publish_timeout_ms" },
      ],
      accepted: [{ service: "web_server", key: "publish_timeout_ms", between: [20, 2000] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 800 }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 200 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "web_server", key: "app_version", value: "<release.previous>" }],
        [{ type: "update_config", service: "web_server", key: "retry_max", value: 2 }],
      ],
    },
  ],
});
