import { defineTask } from "../../env/core/task.ts";

/** The cache cannot hold the working set. */
export default defineTask({
  id: "inc-137",
  spec_version: 1,
  difficulty: "easy",
  rubric: [1, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  keep: [
    { service: "cache", key: "ttl_s" },
    { service: "cache", key: "eviction_policy" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "cache", fault: "capacity" }],
      load: 1.3,
      faults: [
        { class: "capacity", set: [{ service: "cache", key: "max_memory_mb", value: { between: [480, 540] } }] },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["evictions_per_s", "hit_ratio"] },
        { kind: "config", service: "cache", key: "max_memory_mb" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
      ],
      accepted: [{ service: "cache", key: "max_memory_mb", between: [2600, 16_384] }],
      fixes: [
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 4096 }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 3072 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 900 }],
        [{ type: "restart_service", service: "database" }],
      ],
    },
    {
      diagnosis: [{ service: "cache", fault: "capacity" }],
      load: 1.35,
      faults: [
        {
          class: "capacity",
          set: [{ service: "cache", key: "compression", value: "none" }],
          working_set_mb: { between: [3800, 4000] },
          compression_ratio: 3.6,
        },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["evictions_per_s", "hit_ratio"] },
        { kind: "config", service: "cache", key: "compression" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
      ],
      accepted: [
        { service: "cache", key: "compression", is: ["lz4"] },
        { service: "cache", key: "max_memory_mb", between: [14_000, 16_384] },
      ],
      fixes: [
        [{ type: "update_config", service: "cache", key: "compression", value: "lz4" }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 14_000 }],
      ],
      recovery_ticks: 8,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "cache", key: "ttl_s", value: 900 }],
        [{ type: "restart_service", service: "database" }],
        [{ type: "update_config", service: "cache", key: "max_memory_mb", value: 4600 }],
      ],
    },
  ],
});
