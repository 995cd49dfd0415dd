import type { Family } from "../rule.ts";
import { cacheContentRules, cacheLinkRules } from "../rules/cache.ts";
import { databaseAccessRules } from "../rules/database-access.ts";
import { databaseLoadRules, indexRules } from "../rules/database-load.ts";
import { edgeRules } from "../rules/edge.ts";
import { hostRules } from "../rules/hosts.ts";
import { outsideRules } from "../rules/outside.ts";
import { publishRules } from "../rules/queue.ts";
import { webRules, workerRules } from "../rules/web.ts";
import { writeRules } from "../rules/writes.ts";
import { logs, metrics } from "../steps.ts";

/** Users get errors. From the edge inwards: what turns requests away comes before what makes them slow. */
export const availability: Family = {
  objective: "availability_ratio",
  survey: [metrics("load_balancer"), metrics("web_server"), logs("web_server")],
  rules: [
    ...outsideRules,
    ...webRules,
    ...hostRules,
    ...edgeRules,
    ...cacheLinkRules,
    ...writeRules,
    ...publishRules,
    ...databaseAccessRules,
    ...indexRules,
    ...cacheContentRules,
    ...databaseLoadRules,
    ...workerRules,
  ],
  guess: ["database", "capacity"],
};
