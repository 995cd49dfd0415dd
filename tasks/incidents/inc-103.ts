import { defineTask } from "../../env/core/task.ts";

/** Exports fail, and everything else is well. */
export default defineTask({
  id: "inc-103",
  spec_version: 1,
  difficulty: "medium",
  rubric: [1, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "export_failure_ratio",
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [{ service: "database", key: "statement_timeout_ms", value: { one_of: [900, 1000, 1200, 1500] } }],
        },
      ],
      needed: [
        { kind: "logs", service: "database", line: "statement_cancelled" },
        { kind: "config", service: "database", key: "statement_timeout_ms" },
        { kind: "logs", service: "web_server", line: "export_failed" },
      ],
      accepted: [{ service: "database", key: "statement_timeout_ms", between: [8000, 120_000] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 15_000 }],
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 8000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "idle_timeout_ms", value: 120_000 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 5000 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 6000 }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "timeout" }],
      faults: [
        {
          class: "timeout",
          set: [
            { service: "load_balancer", key: "idle_timeout_ms", value: { one_of: [12_000, 15_000, 18_000, 20_000] } },
          ],
        },
      ],
      needed: [
        { kind: "logs", service: "load_balancer", line: "stream_idle" },
        { kind: "config", service: "load_balancer", key: "idle_timeout_ms" },
        { kind: "logs", service: "web_server", line: "export_200" },
      ],
      accepted: [{ service: "load_balancer", key: "idle_timeout_ms", between: [26_000, 300_000] }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "idle_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "load_balancer", key: "idle_timeout_ms", value: 26_000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "database", key: "statement_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 5000 }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "load_balancer", key: "idle_timeout_ms", value: 24_000 }],
      ],
    },
  ],
});
