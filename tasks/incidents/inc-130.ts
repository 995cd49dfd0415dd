import { defineTask } from "../../env/core/task.ts";

/** Writes fail because nothing can be published. */
export default defineTask({
  id: "inc-130",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 0, 0, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "crash" }],
      faults: [{ class: "crash", down: "message_queue" }],
      needed: [
        { kind: "status", service: "message_queue", shows: "down" },
        { kind: "logs", service: "web_server", line: "publish_timeout" },
        { kind: "metrics", service: "web_server", rows: ["publish_error_ratio"] },
      ],
      accepted: [{ restart: "message_queue" }],
      fixes: [[{ type: "restart_service", service: "message_queue" }]],
      distractors: [
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 5000 }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "credential" }],
      faults: [{ class: "credential", expires: { service: "message_queue", after_s: 60 } }],
      needed: [
        { kind: "logs", service: "message_queue", line: "tls_failure" },
        { kind: "config", service: "message_queue", key: "tls_cert_id" },
        { kind: "metrics", service: "web_server", rows: ["publish_error_ratio"] },
      ],
      accepted: [{ service: "message_queue", key: "tls_cert_id", is: ["<queue_certificate.next>"] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "tls_cert_id", value: "<queue_certificate.next>" }],
      ],
      distractors: [
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "publish_timeout_ms", value: 5000 }],
        [
          {
            type: "update_config",
            service: "message_queue",
            key: "tls_cert_id",
            value: "<queue_certificate.previous>",
          },
        ],
      ],
    },
  ],
});
