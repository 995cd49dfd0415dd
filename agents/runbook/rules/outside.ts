import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics, status } from "../steps.ts";

const web = "web_server";

const PAYMENT = /POST payment at (\S+) answered 5\d\d/;
const NETWORK = /no answer within \d+ ms \(network (\S+): no route reply\)/;

/** Nothing else between the web tier and what it calls goes wrong. */
const restIsWell = (seen: Notebook) =>
  ["db_error_ratio", "db_write_error_ratio", "cache_error_ratio", "publish_error_ratio"].every(
    (row) => seen.row(web, row).now < 0.01,
  );

/** Somebody else's fault: say whose. */
export const outsideRules: readonly Rule[] = [
  {
    kind: "handover",
    name: "the network between hosts drops what is sent",
    when: (seen) => seen.logged(web, NETWORK) !== null,
    look: [status("database"), metrics("database"), logs("database")],
    confirm: (seen) => seen.status("database")?.state === "up",
    reason: (seen) => `Network provider ${seen.logged(web, NETWORK)?.[1]} drops connections to a database that is up.`,
  },
  {
    kind: "handover",
    name: "the payment provider fails",
    when: (seen) => seen.row(web, "payment_error_ratio").now > 0.01 && seen.logged(web, PAYMENT) !== null,
    look: [metrics("database"), metrics("message_queue")],
    confirm: restIsWell,
    reason: (seen) => `Payment provider ${seen.logged(web, PAYMENT)?.[1]} answers 5xx; all of our services are well.`,
  },
];
