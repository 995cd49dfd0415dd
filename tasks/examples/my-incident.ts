import type { Setting } from "../../env/core/faults/define.ts";
import type { TaskInput } from "../../env/core/task.ts";

/** In place for days: so many consumers that the queue can hurt the database. Both causes have it, so it tells nothing. */
const wideQueue: Setting[] = [
  { service: "message_queue", key: "consumer_concurrency", value: 400, hours_ago: { between: [40, 90] } },
  { service: "message_queue", key: "max_in_flight", value: 1000, hours_ago: { between: [40, 90] } },
];

/** Pages fail because the database's primary is busy, with reads that belong elsewhere or with a flood of jobs. */
export default {
  id: "my-incident",
  spec_version: 1,
  difficulty: "medium",
  rubric: [2, 2, 1, 0, 0, 1, 0, 0],
  pages_on: "availability_ratio",
  // Both causes were tuned with these at their default, so the seed must not vary them.
  keep: [
    { service: "web_server", key: "max_workers" },
    { service: "cache", key: "ttl_s" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "database", fault: "routing" }],
      standing: wideQueue,
      batch_usual_rps: { between: [20, 30] },
      load: { between: [1.15, 1.18] },
      faults: [{ class: "routing", set: [{ service: "database", key: "read_replica_enabled", value: false }] }],
      needed: [
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
        { kind: "config", service: "database", key: "read_replica_enabled" },
        { kind: "metrics", service: "message_queue", rows: ["published_per_s{batch}"], shows: "normal" },
      ],
      accepted: [{ service: "database", key: "read_replica_enabled", is: [true] }],
      fixes: [[{ type: "update_config", service: "database", key: "read_replica_enabled", value: true }]],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 40 }],
      ],
    },
    {
      diagnosis: [{ service: "message_queue", fault: "noisy" }],
      standing: wideQueue,
      batch_usual_rps: { between: [20, 30] },
      faults: [{ class: "noisy", batch_rps: { between: [690, 720] } }],
      onset: [{ ticks: { between: [28, 36] } }],
      needed: [
        { kind: "metrics", service: "message_queue", rows: ["published_per_s{batch}"] },
        { kind: "logs", service: "message_queue", line: "producer_rate" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{primary}"] },
      ],
      accepted: [{ service: "message_queue", key: "batch_publish_limit_rps", between: [1, 60] }],
      fixes: [
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 40 }],
        [{ type: "update_config", service: "message_queue", key: "batch_publish_limit_rps", value: 60 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "message_queue" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "message_queue", key: "consumer_concurrency", value: 80 }],
      ],
    },
  ],
} satisfies TaskInput;
