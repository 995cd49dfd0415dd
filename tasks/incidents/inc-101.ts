import { defineTask } from "../../env/core/task.ts";

/** Nothing can be saved any more. */
export default defineTask({
  id: "inc-101",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 2, 2, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  source: "PostgreSQL replication slots that retain log without a bound",
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "disk" }],
      faults: [
        {
          class: "disk",
          set: [{ service: "database", key: "slot_wal_keep_gb", value: 0 }],
          used_gb: 300,
          wal_growth_gb_per_h: { between: [69.5, 72.5] },
        },
      ],
      onset: [{ ticks: 690 }],
      needed: [
        { kind: "metrics", service: "database", rows: ["wal_retained_gb"] },
        { kind: "logs", service: "database", line: "inactive_slot" },
        { kind: "config", service: "database", key: "slot_wal_keep_gb" },
      ],
      accepted: [
        { service: "database", key: "slot_wal_keep_gb", between: [10, 100] },
        { service: "database", key: "disk_quota_gb", between: [510, 1000] },
      ],
      fixes: [
        [{ type: "update_config", service: "database", key: "slot_wal_keep_gb", value: 40 }],
        [
          { type: "update_config", service: "database", key: "disk_quota_gb", value: 800 },
          { type: "update_config", service: "database", key: "slot_wal_keep_gb", value: 100 },
        ],
      ],
      distractors: [
        [{ type: "update_config", service: "database", key: "disk_quota_gb", value: 800 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "autovacuum", value: true }],
      ],
    },
    {
      diagnosis: [{ service: "database", fault: "disk" }],
      faults: [{ class: "disk", used_gb: { between: [498.25, 498.33] } }],
      onset: [{ ticks: 480 }],
      needed: [
        { kind: "metrics", service: "database", rows: ["disk_used_gb"] },
        { kind: "metrics", service: "database", rows: ["disk_growth_gb_per_h"], shows: "normal" },
        { kind: "logs", service: "database", line: "no_space" },
        { kind: "config", service: "database", key: "disk_quota_gb" },
      ],
      accepted: [{ service: "database", key: "disk_quota_gb", between: [510, 1000] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "disk_quota_gb", value: 800 }],
        [{ type: "update_config", service: "database", key: "disk_quota_gb", value: 510 }],
      ],
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "autovacuum", value: true }],
        [{ type: "update_config", service: "database", key: "slot_wal_keep_gb", value: 20 }],
      ],
    },
  ],
});
