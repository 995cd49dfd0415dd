import { defineTask } from "../../env/core/task.ts";

/** Every write is refused, reads are perfect. */
export default defineTask({
  id: "inc-117",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "mode" }],
      faults: [{ class: "mode", set: [{ service: "database", key: "read_only", value: true }] }],
      needed: [
        { kind: "logs", service: "database", line: "read_only_refusal" },
        { kind: "config", service: "database", key: "read_only" },
        { kind: "metrics", service: "database", rows: ["write_rejects_per_s"] },
      ],
      accepted: [{ service: "database", key: "read_only", is: [false] }],
      fixes: [[{ type: "update_config", service: "database", key: "read_only", value: false }]],
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "disk_quota_gb", value: 900 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "address" }],
      faults: [{ class: "address", set: [{ service: "web_server", key: "db_host", value: "<db_host.replica>" }] }],
      needed: [
        { kind: "logs", service: "web_server", line: "write_refused" },
        { kind: "metrics", service: "database", rows: ["queries_per_s{primary}", "queries_per_s{replica}"] },
        { kind: "config", service: "web_server", key: "db_host" },
      ],
      accepted: [{ service: "web_server", key: "db_host", is: ["<db_host.primary>"] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "db_host", value: "<db_host.primary>" }]],
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "disk_quota_gb", value: 900 }],
        [{ type: "update_config", service: "database", key: "read_only", value: false }],
      ],
    },
  ],
});
