import { defineTask } from "../../env/core/task.ts";

/** Jobs are given up, and orders stay unconfirmed. */
export default defineTask({
  id: "inc-119",
  spec_version: 1,
  difficulty: "medium",
  rubric: [0, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "dead_letter_ratio",
  siblings: [
    {
      diagnosis: [{ service: "message_queue", fault: "retry" }],
      faults: [{ class: "retry", set: [{ service: "message_queue", key: "retry_limit", value: 2 }] }],
      needed: [
        { kind: "logs", service: "message_queue", line: "dead_lettered" },
        { kind: "metrics", service: "message_queue", rows: ["dead_letter_ratio"] },
        { kind: "config", service: "message_queue", key: "retry_limit" },
      ],
      accepted: [{ service: "message_queue", key: "retry_limit", between: [3, 10] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 4 }],
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 3 }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 0 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 120_000 }],
      ],
    },
    {
      diagnosis: [{ service: "database", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [{ service: "database", key: "idle_in_txn_timeout_ms", value: { one_of: [4900, 5000, 5200, 5400] } }],
        },
      ],
      needed: [
        { kind: "logs", service: "message_queue", line: "connection_terminated" },
        { kind: "logs", service: "database", line: "idle_session_ended" },
        { kind: "config", service: "database", key: "idle_in_txn_timeout_ms" },
      ],
      accepted: [{ service: "database", key: "idle_in_txn_timeout_ms", between: [10_000, 120_000] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 15_000 }],
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 10_000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "message_queue", key: "retry_limit", value: 5 }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "message_queue", key: "visibility_timeout_ms", value: 120_000 }],
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 6000 }],
      ],
    },
  ],
});
