import { defineTask } from "../../env/core/task.ts";

/** Half of all requests fail, the rest takes seconds. */
export default defineTask({
  id: "inc-118",
  spec_version: 1,
  difficulty: "medium",
  rubric: [2, 2, 1, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  keep: [
    { service: "cache", key: "ttl_s" },
    { service: "cache", key: "eviction_policy" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "feature_flag" }],
      load: { between: [1.22, 1.28] },
      faults: [{ class: "feature_flag", set: [{ service: "web_server", key: "use_cache", value: false }] }],
      needed: [
        { kind: "metrics", service: "cache", rows: ["ops_per_s"] },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"] },
        { kind: "config", service: "web_server", key: "use_cache" },
      ],
      accepted: [{ service: "web_server", key: "use_cache", is: [true] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "use_cache", value: true }]],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
      ],
    },
    {
      diagnosis: [{ service: "web_server", fault: "address" }],
      load: { between: [1.22, 1.28] },
      standing: [{ service: "web_server", key: "cache_timeout_ms", value: { one_of: [20, 25, 30] } }],
      faults: [
        {
          class: "address",
          set: [{ service: "web_server", key: "cache_host", value: "<cache_host.retired>" }],
        },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["ops_per_s"] },
        { kind: "logs", service: "web_server", line: "cache_resolve" },
        { kind: "config", service: "web_server", key: "cache_host" },
      ],
      accepted: [{ service: "web_server", key: "cache_host", is: ["<cache_host.current>"] }],
      fixes: [[{ type: "update_config", service: "web_server", key: "cache_host", value: "<cache_host.current>" }]],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
        [{ type: "update_config", service: "web_server", key: "cache_timeout_ms", value: 500 }],
      ],
    },
    {
      diagnosis: [
        { service: "web_server", fault: "credential" },
        { service: "cache", fault: "credential" },
      ],
      load: { between: [1.22, 1.28] },
      faults: [
        {
          class: "credential",
          set: [{ service: "cache", key: "auth_token_id", value: "<cache_token.rotated>" }],
        },
      ],
      needed: [
        { kind: "metrics", service: "cache", rows: ["auth_failures_per_s"] },
        { kind: "logs", service: "web_server", line: "cache_auth" },
        { kind: "config", service: "web_server", key: "cache_token_id" },
        { kind: "config", service: "cache", key: "auth_token_id" },
      ],
      accepted: [
        { service: "web_server", key: "cache_token_id", is: ["<cache_token.rotated>"] },
        { service: "cache", key: "auth_token_id", is: ["<cache_token.current>"] },
      ],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "cache_token_id", value: "<cache_token.rotated>" }],
        [{ type: "update_config", service: "cache", key: "auth_token_id", value: "<cache_token.current>" }],
      ],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 600 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 60 }],
      ],
    },
  ],
});
