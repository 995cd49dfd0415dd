import type { Family } from "../rule.ts";
import { cacheContentRules, cacheLinkRules } from "../rules/cache.ts";
import { databaseAccessRules } from "../rules/database-access.ts";
import { databaseLoadRules, indexRules } from "../rules/database-load.ts";
import { edgeRules } from "../rules/edge.ts";
import { hostRules } from "../rules/hosts.ts";
import { webRules, workerRules } from "../rules/web.ts";
import { writeRules } from "../rules/writes.ts";
import { logs, metrics } from "../steps.ts";

/** Pages are slow. From the hosts to what they wait for. */
export const latency: Family = {
  objective: "latency_p95_ms",
  survey: [metrics("web_server"), logs("web_server"), metrics("load_balancer")],
  rules: [
    ...webRules,
    ...hostRules,
    ...cacheLinkRules,
    ...writeRules,
    ...databaseAccessRules,
    ...indexRules,
    ...cacheContentRules,
    ...databaseLoadRules,
    ...workerRules,
    ...edgeRules,
  ],
  guess: ["database", "capacity"],
};
