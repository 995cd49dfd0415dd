import { defineTask } from "../../env/core/task.ts";

/** The page says that requests fail. */
export default defineTask({
  id: "inc-123",
  spec_version: 1,
  difficulty: "medium",
  rubric: [0, 2, 1, 0, 0, 0, 0, 1],
  pages_on: "availability_ratio",
  source: "AIOpsLab's no-op problems",
  siblings: [
    {
      diagnosis: [{ service: "none", fault: "no_fault" }],
      answer: "no_fault",
      load: { between: [1.04, 1.12] },
      faults: [{ class: "no_fault" }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["error_5xx_ratio"], shows: "normal" },
        { kind: "metrics", service: "web_server", rows: ["latency_ms{user}"], shows: "normal" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"], shows: "normal" },
      ],
    },
    {
      diagnosis: [{ service: "none", fault: "no_fault" }],
      answer: "no_fault",
      faults: [{ class: "no_fault" }],
      // A burst that ended six minutes before the page.
      onset: [{ ticks: 10 }, { ticks: 6, load: 1.9 }, { ticks: 24 }],
      needed: [
        { kind: "metrics", service: "load_balancer", rows: ["error_5xx_ratio"], shows: "normal" },
        { kind: "metrics", service: "web_server", rows: ["latency_ms{user}"], shows: "normal" },
        { kind: "metrics", service: "database", rows: ["slot_use_ratio{replica}"], shows: "normal" },
      ],
    },
  ],
});
