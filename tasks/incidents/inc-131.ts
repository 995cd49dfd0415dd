import { defineTask } from "../../env/core/task.ts";

/** Nine tenths of the traffic do not arrive, and everything behind the edge is idle. */
export default defineTask({
  id: "inc-131",
  spec_version: 1,
  difficulty: "easy",
  rubric: [0, 1, 0, 0, 1, 0, 0, 0],
  pages_on: "availability_ratio",
  source: "Epic Games, 2021-04-06: an expired certificate",
  siblings: [
    {
      diagnosis: [{ service: "load_balancer", fault: "credential" }],
      faults: [{ class: "credential", expires: { service: "load_balancer", after_s: 60 } }],
      needed: [
        { kind: "logs", service: "load_balancer", line: "tls_failure" },
        { kind: "config", service: "load_balancer", key: "tls_cert_id" },
        { kind: "metrics", service: "load_balancer", rows: ["tls_failures_per_s"] },
      ],
      accepted: [{ service: "load_balancer", key: "tls_cert_id", is: ["<edge_certificate.next>"] }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "tls_cert_id", value: "<edge_certificate.next>" }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "tls_cert_id", value: "<edge_certificate.previous>" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "web_server" }],
      ],
    },
    {
      diagnosis: [{ service: "load_balancer", fault: "limit" }],
      faults: [
        { class: "limit", set: [{ service: "load_balancer", key: "rate_limit_rps", value: { between: [130, 150] } }] },
      ],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["rate_limited_rps"] },
        { kind: "logs", service: "load_balancer", line: "limiter_shedding" },
        { kind: "config", service: "load_balancer", key: "rate_limit_rps" },
      ],
      accepted: [{ service: "load_balancer", key: "rate_limit_rps", between: [1500, 20_000], or: 0 }],
      fixes: [
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 0 }],
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 2000 }],
      ],
      distractors: [
        [{ type: "update_config", service: "load_balancer", key: "tls_cert_id", value: "<edge_certificate.next>" }],
        [{ type: "restart_service", service: "load_balancer" }],
        [{ type: "restart_service", service: "web_server" }],
        [{ type: "update_config", service: "load_balancer", key: "rate_limit_rps", value: 700 }],
      ],
    },
  ],
});
