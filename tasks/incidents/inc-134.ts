import { defineTask } from "../../env/core/task.ts";

/** The site is down; only what needs no storage still answers. */
export default defineTask({
  id: "inc-134",
  spec_version: 1,
  difficulty: "hard",
  rubric: [1, 3, 2, 0, 1, 0, 1, 0],
  pages_on: "availability_ratio",
  source: "AWS, 2025-10-20 (name resolution); address pinning in JVMs",
  siblings: [
    {
      diagnosis: [{ service: "web_server", fault: "address" }],
      faults: [
        {
          class: "address",
          set: [
            {
              service: "web_server",
              key: "dns_cache_ttl_s",
              value: -1,
              hours_ago: { between: [200.5, 900.5] },
            },
          ],
        },
      ],
      onset: [{ ticks: 24, failover: true }],
      replay: true,
      past: [{ service: "database", line: "failover", minutes_ago: { between: [5.75, 6] } }],
      needed: [
        { kind: "logs", service: "web_server", line: "db_connect_silent" },
        { kind: "status", service: "database", shows: "up" },
        { kind: "logs", service: "database", line: "failover" },
        { kind: "config", service: "web_server", key: "dns_cache_ttl_s" },
      ],
      accepted: [{ service: "web_server", key: "dns_cache_ttl_s", between: [5, 120] }],
      fixes: [
        [{ type: "update_config", service: "web_server", key: "dns_cache_ttl_s", value: 30 }],
        [{ type: "update_config", service: "web_server", key: "dns_cache_ttl_s", value: 120 }],
      ],
      recovery_ticks: 10,
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
      ],
    },
    {
      diagnosis: [{ service: "external", fault: "dependency" }],
      answer: { escalate: "network" },
      faults: [{ class: "dependency", path_down: true }],
      onset: [{ ticks: 24 }],
      needed: [
        { kind: "logs", service: "web_server", line: "db_connect_silent" },
        { kind: "status", service: "database", shows: "up" },
        { kind: "status", service: "web_server", shows: "ping_failed" },
      ],
      distractors: [
        [{ type: "restart_service", service: "database" }],
        [{ type: "restart_service", service: "cache" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "web_server", key: "db_pool_size", value: 80 }],
        [{ type: "update_config", service: "web_server", key: "dns_cache_ttl_s", value: 5 }],
      ],
    },
  ],
});
