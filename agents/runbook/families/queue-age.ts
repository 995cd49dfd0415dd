import type { Family } from "../rule.ts";
import { databaseLoadRules, indexRules } from "../rules/database-load.ts";
import { backlogRules, deliveryRules, publishRules } from "../rules/queue.ts";
import { writeRules } from "../rules/writes.ts";
import { logs, metrics } from "../steps.ts";

/** Jobs wait. First the consumers, then what their jobs wait for. */
export const queueAge: Family = {
  objective: "queue_age_s",
  survey: [metrics("message_queue"), logs("message_queue")],
  rules: [
    ...backlogRules,
    {
      kind: "pointer",
      name: "jobs take longer: what do they wait for?",
      when: (seen) =>
        seen.row("message_queue", "job_time_s").now > 1.3 * seen.row("message_queue", "job_time_s").yesterday ||
        seen.logged("message_queue", /for the database/) !== null,
      look: [metrics("database"), logs("database")],
    },
    ...writeRules,
    ...indexRules,
    ...databaseLoadRules,
    ...deliveryRules,
    ...publishRules,
  ],
  guess: ["message_queue", "capacity"],
};
