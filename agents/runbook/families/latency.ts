import type { Family } from "../rule.ts";
import { cacheRules } from "../rules/cache.ts";
import { databaseLoadRules } from "../rules/database.ts";
import { webRules, workerRules } from "../rules/web.ts";
import { logs, metrics } from "../steps.ts";

/** Pages are slow. From the hosts to what they wait for. */
export const latency: Family = {
  objective: "latency_p95_ms",
  survey: [metrics("web_server"), logs("web_server"), metrics("load_balancer")],
  rules: [...webRules, ...databaseLoadRules, ...cacheRules, ...workerRules],
  guess: ["database", "capacity"],
};
