import type { Family } from "../rule.ts";
import { consumerRules, deliveryRules } from "../rules/queue.ts";
import { logs, metrics } from "../steps.ts";

/** Jobs are given up: too few attempts, or attempts that something ends. */
export const deadLetters: Family = {
  objective: "dead_letter_ratio",
  survey: [metrics("message_queue"), logs("message_queue")],
  rules: [...deliveryRules, ...consumerRules],
  guess: ["message_queue", "retry"],
};
