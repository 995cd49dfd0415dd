import { rose } from "../metric-table.ts";
import type { Family } from "../rule.ts";
import { databaseLoadRules } from "../rules/database.ts";
import { consumerRules, deliveryRules } from "../rules/queue.ts";
import { logs, metrics } from "../steps.ts";

/** Jobs wait. First the consumers, then what their jobs wait for. */
export const queueAge: Family = {
  objective: "queue_age_s",
  survey: [metrics("message_queue"), logs("message_queue")],
  rules: [
    ...consumerRules,
    {
      kind: "pointer",
      name: "jobs take longer: is it the database?",
      when: (seen) => rose(seen.row("message_queue", "job_time_s")),
      look: [metrics("database"), logs("database")],
    },
    ...databaseLoadRules,
    ...deliveryRules,
  ],
  guess: ["message_queue", "capacity"],
};
