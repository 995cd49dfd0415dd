import type { Family } from "../rule.ts";
import { logs, metrics } from "../steps.ts";
import { suspect } from "../suspect.ts";

/** Long downloads break off: somebody on the way has a shorter limit than they take. */
export const exportDownloads: Family = {
  objective: "export_failure_ratio",
  survey: [metrics("web_server"), logs("web_server"), logs("load_balancer")],
  rules: [
    suspect({
      name: "the edge closes streams that are silent for long",
      when: (seen) => seen.logged("load_balancer", /stream \/export closed: idle/) !== null,
      service: "load_balancer",
      key: "idle_timeout_ms",
      moved: "down",
      fault: "timeout",
      otherwise: () => 60_000,
    }),
    suspect({
      name: "the database cancels long statements",
      when: (seen) => seen.logged("web_server", /statement was cancelled/) !== null,
      service: "database",
      key: "statement_timeout_ms",
      moved: "down",
      fault: "timeout",
      look: [logs("database")],
      otherwise: () => 60_000,
    }),
  ],
  guess: ["load_balancer", "timeout"],
};
