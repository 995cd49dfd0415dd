import { fell, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import { renewCertificate } from "../renew-certificate.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics, restart, status } from "../steps.ts";
import { suspect } from "../suspect.ts";

const queue = "message_queue";
const web = "web_server";

const says = (pattern: RegExp) => (seen: Notebook) => seen.logged(queue, pattern) !== null;

/** Publishing fails: the broker is gone, not trusted, full, or not given the time. */
export const publishRules: readonly Rule[] = [
  {
    kind: "pointer",
    name: "publishing fails: how is the broker?",
    when: (seen) => seen.row(web, "publish_error_ratio").now > 0.003,
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
  suspect({
    name: "the broker has too little memory",
    when: says(/above watermark: publishers slowed/),
    service: queue,
    key: "memory_limit_mb",
    moved: "down",
    fault: "capacity",
  }),
  suspect({
    name: "publishes are given up before the broker can answer",
    when: (seen) => seen.row(web, "publish_error_ratio").now > 0.003 && !rose(seen.row(queue, "publish_latency_ms"), 2),
    service: web,
    key: "publish_timeout_ms",
    moved: "down",
    fault: "timeout",
  }),
];

/** Work that waits although it could be done. */
export const backlogRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "consumers hang",
    when: says(/no heartbeat for|session of consumer \S+ is stale/),
    look: [metrics(queue), status(queue)],
    blame: [queue, "crash"],
    change: () => [restart(queue)],
  },
  suspect({
    name: "one partition gets all the work",
    when: (seen) => seen.row(queue, "depth_share{p0}").now > 0.4,
    service: queue,
    key: "partition_key",
    moved: "either",
    odd: (value) => value === "region",
    fault: "routing",
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
    name: "the batch tenant floods the queue",
    when: (seen) => rose(seen.row(queue, "published_per_s{batch}"), 1.5),
    service: queue,
    key: "batch_publish_limit_rps",
    moved: "either",
    fault: "noisy",
    look: [logs(queue)],
    otherwise: spareRate,
  }),
  suspect({
    name: "messages that cannot succeed are tried for ever",
    when: (seen) => seen.row(queue, "poison_per_s").now > 0 && rose(seen.row(queue, "attempts_per_message"), 1.2),
    service: queue,
    key: "retry_limit",
    moved: "up",
    odd: (value) => Number(value) > 10 || value === 0,
    fault: "retry",
    look: [logs(queue)],
    otherwise: () => 5,
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
    name: "the database ends sessions of running jobs",
    when: says(/database ended the session/),
    service: "database",
    key: "idle_in_txn_timeout_ms",
    moved: "down",
    fault: "timeout",
    look: [logs("database")],
    otherwise: () => 60_000,
  }),
  suspect({
    name: "messages are given up too soon",
    when: says(/(?:dead-lettered|dropped) after \d+ attempts/),
    service: queue,
    key: "retry_limit",
    moved: "down",
    fault: "retry",
    otherwise: () => 5,
  }),
];

/** Half of what the consumers can do beside the shop's own messages. */
function spareRate(seen: Notebook): number | undefined {
  const spare = seen.row(queue, "capacity_per_s").now - seen.row(queue, "published_per_s{web}").now;
  return spare > 0 ? Math.round(spare / 2) : undefined;
}
