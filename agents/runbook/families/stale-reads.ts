import type { Family } from "../rule.ts";
import { cacheRules } from "../rules/cache.ts";
import { databaseLoadRules } from "../rules/database.ts";
import { logs, metrics } from "../steps.ts";

/** Users do not find what they saved: the replica is behind, because something keeps it busy. */
export const staleReads: Family = {
  objective: "stale_read_ratio",
  survey: [metrics("database"), logs("database"), metrics("web_server")],
  rules: [...databaseLoadRules, ...cacheRules],
  guess: ["database", "capacity"],
};
