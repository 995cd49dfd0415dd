import type { Family } from "../rule.ts";
import { cacheRules } from "../rules/cache.ts";
import { databaseAccessRules, databaseLoadRules } from "../rules/database.ts";
import { edgeRules } from "../rules/edge.ts";
import { outsideRules } from "../rules/outside.ts";
import { brokerRules } from "../rules/queue.ts";
import { webRules, workerRules } from "../rules/web.ts";
import { logs, metrics } from "../steps.ts";

/** Users get errors. What is down or refuses comes before what is slow. */
export const availability: Family = {
  objective: "availability_ratio",
  survey: [metrics("load_balancer"), metrics("web_server"), logs("web_server")],
  rules: [
    ...outsideRules,
    ...webRules,
    ...edgeRules,
    ...databaseAccessRules,
    ...brokerRules,
    ...databaseLoadRules,
    ...cacheRules,
    ...workerRules,
  ],
  guess: ["database", "capacity"],
};
