import { defineTask } from "../../env/core/task.ts";

/** Pages are slow, and stay slow. */
export default defineTask({
  id: "inc-124",
  spec_version: 1,
  difficulty: "hard",
  rubric: [2, 3, 2, 0, 1, 1, 1, 0],
  pages_on: "latency_p95_ms",
  narrow: true,
  source: "Metastable failures (HotOS 2021, OSDI 2022); AWS DynamoDB, 2015-09-20",
  keep: [
    { service: "web_server", key: "db_acquire_timeout_ms" },
    { service: "web_server", key: "publish_timeout_ms" },
    { service: "cache", key: "ttl_s" },
    { service: "cache", key: "eviction_policy" },
    { service: "cache", key: "max_memory_mb" },
    { service: "database", key: "checkpoint_timeout_s" },
    { service: "message_queue", key: "memory_limit_mb" },
  ],
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "retry" }],
      standing: [
        { service: "web_server", key: "db_pool_size", value: 200, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "db_timeout_ms", value: 260, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "max_workers", value: 1500, hours_ago: { between: [200.5, 900.5] } },
        { service: "database", key: "max_connections", value: 1000, hours_ago: { between: [200.5, 900.5] } },
        { service: "cache", key: "max_clients", value: 8000, hours_ago: { between: [200.5, 900.5] } },
      ],
      faults: [
        {
          class: "retry",
          set: [
            { service: "web_server", key: "retry_max", value: 4, hours_ago: { between: [30.5, 600.5] } },
            { service: "web_server", key: "retry_budget_pct", value: 0, hours_ago: { between: [30.5, 600.5] } },
          ],
        },
      ],
      onset: [{ ticks: 8, stall: 4 }, { ticks: 24 }],
      replay: true,
      past: [{ service: "database", line: "stall", minutes_ago: { between: [6.1, 6.4] } }],
      needed: [
        { kind: "metrics", service: "web_server", rows: ["db_attempts_per_call"] },
        { kind: "metrics", service: "load_balancer", rows: ["rps"], shows: "normal" },
        { kind: "config", service: "web_server", key: "retry_budget_pct" },
        { kind: "logs", service: "database", line: "stall" },
      ],
      accepted: [
        { service: "web_server", key: "retry_budget_pct", between: [5, 30] },
        { service: "web_server", key: "retry_max", between: [0, 1] },
        { service: "web_server", key: "db_pool_size", between: [20, 40] },
        { service: "web_server", key: "db_timeout_ms", between: [1000, 5000] },
      ],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "retry_budget_pct", value: 10 }],
        [
          { type: "update_config", service: "web_server", key: "retry_max", value: 1 },
          { type: "update_config", service: "web_server", key: "retry_budget_pct", value: 20 },
        ],
        [{ type: "update_config", service: "web_server", key: "retry_max", value: 0 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 20 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 40 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 2000 }],
      ],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 2000 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 400 }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "retry" }],
      load: 1.25,
      standing: [
        { service: "web_server", key: "db_pool_size", value: 200, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "db_timeout_ms", value: 260, hours_ago: { between: [200.5, 900.5] } },
        { service: "web_server", key: "max_workers", value: 1500, hours_ago: { between: [200.5, 900.5] } },
        { service: "database", key: "max_connections", value: 1000, hours_ago: { between: [200.5, 900.5] } },
        { service: "cache", key: "max_clients", value: 8000, hours_ago: { between: [200.5, 900.5] } },
      ],
      faults: [
        {
          class: "retry",
          set: [{ service: "load_balancer", key: "upstream_retries", value: 3, hours_ago: { between: [30.5, 600.5] } }],
        },
      ],
      onset: [{ ticks: 8, stall: 4 }, { ticks: 24 }],
      replay: true,
      past: [{ service: "database", line: "stall", minutes_ago: { between: [6.1, 6.4] } }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["upstream_attempts_per_request"] },
        { kind: "metrics", service: "web_server", rows: ["rps"] },
        { kind: "config", service: "load_balancer", key: "upstream_retries" },
        { kind: "logs", service: "database", line: "stall" },
      ],
      accepted: [
        { service: "load_balancer", key: "upstream_retries", is: [0] },
        { service: "web_server", key: "db_pool_size", between: [20, 60] },
        { service: "web_server", key: "db_timeout_ms", between: [1000, 5000] },
      ],
      fixes: [
        // The edge's retries hide errors; taking them away first would show all of them until the storm is over.
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 20 }],
        [{ type: "update_config", service: "load_balancer", key: "upstream_retries", value: 0 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 40 }],
        [{ type: "update_config", service: "web_server", key: "db_timeout_ms", value: 2000 }],
      ],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "update_config", service: "database", key: "max_connections", value: 2000 }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 400 }],
        [{ type: "update_config", service: "web_server", key: "retry_budget_pct", value: 10 }],
        [{ type: "update_config", service: "load_balancer", key: "upstream_retries", value: 1 }],
      ],
    },
  ],
});
