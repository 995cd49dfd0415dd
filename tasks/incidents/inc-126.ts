import { defineTask } from "../../env/core/task.ts";

/** Every other request fails after a long wait. */
export default defineTask({
  id: "inc-126",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 2, 2, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  source: "SREGym, postgres_lock_contention",
  keep: [
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "web_server", key: "max_workers" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "lock" }],
      faults: [
        {
          class: "lock",
          set: [{ service: "database", key: "idle_in_txn_timeout_ms", value: 0 }],
          returns_every_ticks: 24,
        },
      ],
      needed: [
        { kind: "metrics", service: "database", rows: ["lock_wait_ms", "idle_in_txn_age_s"] },
        { kind: "logs", service: "database", line: "lock_wait" },
        { kind: "config", service: "database", key: "idle_in_txn_timeout_ms" },
        { kind: "metrics", service: "web_server", rows: ["pool_use_ratio"] },
      ],
      accepted: [{ service: "database", key: "idle_in_txn_timeout_ms", between: [10_000, 120_000] }],
      fixes: [
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 60_000 }],
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 10_000 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 100 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 3000 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "pool" }],
      standing: [
        {
          service: "database",
          key: "idle_in_txn_timeout_ms",
          value: { one_of: [600_000, 900_000, 1_800_000] },
          hours_ago: { between: [300.5, 900.5] },
        },
      ],
      faults: [{ class: "pool", set: [{ service: "web_server", key: "db_pool_size", value: 1 }] }],
      past: [{ service: "database", line: "lock_wait", minutes_ago: { between: [50, 70] } }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["pool_wait_ms"] },
        { kind: "metrics", service: "database", rows: ["lock_wait_ms"], shows: "normal" },
        { kind: "config", service: "web_server", key: "db_pool_size" },
        { kind: "logs", service: "database", line: "lock_wait" },
      ],
      accepted: [{ service: "web_server", key: "db_pool_size", between: [6, 60] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 20 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 6 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 3000 }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "idle_in_txn_timeout_ms", value: 30_000 }],
      ],
    },
  ],
});
