import { fell } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import { renewCertificate } from "../renew-certificate.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics, restart, status } from "../steps.ts";
import { suspect } from "../suspect.ts";

const queue = "message_queue";

const says = (pattern: RegExp) => (seen: Notebook) => seen.logged(queue, pattern) !== null;

/** Publishing fails: the broker is gone, or not trusted. */
export const brokerRules: readonly Rule[] = [
  {
    kind: "pointer",
    name: "publishing fails: how is the broker?",
    when: (seen) => seen.row("web_server", "publish_error_ratio").now > 0.003,
    look: [metrics(queue), logs(queue)],
  },
  {
    kind: "cure",
    name: "the broker process is gone",
    when: says(/broker process \d+ ended/),
    look: [status(queue)],
    confirm: (seen) => seen.status(queue)?.state === "down",
    blame: [queue, "crash"],
    change: () => [restart(queue)],
  },
  renewCertificate(queue, says(/TLS handshake failed/)),
];

/** Work that waits, because nobody takes it. */
export const consumerRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "consumers hang",
    when: says(/no heartbeat for|session of consumer \S+ is stale/),
    look: [metrics(queue), status(queue)],
    blame: [queue, "crash"],
    change: () => [restart(queue)],
  },
  suspect({
    name: "too few consumers",
    when: (seen) => fell(seen.row(queue, "consumers_active"), 1.25),
    service: queue,
    key: "consumer_concurrency",
    moved: "down",
    fault: "capacity",
    look: [logs(queue)],
  }),
  suspect({
    name: "too few messages are handed out",
    when: says(/messages in flight, next delivery waits/),
    service: queue,
    key: "max_in_flight",
    moved: "down",
    fault: "limit",
  }),
];

/** Work that is done twice, or given up. */
export const deliveryRules: readonly Rule[] = [
  suspect({
    name: "messages are delivered again before the work is done",
    when: says(/redelivered after \d+ ms, first delivery still running/),
    service: queue,
    key: "visibility_timeout_ms",
    moved: "down",
    fault: "timeout",
    otherwise: () => 60_000,
  }),
  suspect({
    name: "messages are given up too soon",
    when: says(/(?:dead-lettered|dropped) after \d+ attempts/),
    service: queue,
    key: "retry_limit",
    moved: "down",
    fault: "retry",
  }),
];
