import type { Family } from "../rule.ts";
import { consumerRules, deliveryRules } from "../rules/queue.ts";
import { logs, metrics } from "../steps.ts";

/** Work is done twice: somebody did not hear that it was done. */
export const duplicates: Family = {
  objective: "duplicate_ratio",
  survey: [metrics("message_queue"), logs("message_queue")],
  rules: [...deliveryRules, ...consumerRules],
  guess: ["message_queue", "timeout"],
};
