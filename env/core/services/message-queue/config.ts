import { choice, flag, name, number } from "../keys.ts";

export const messageQueueKeys = {
  consumer_concurrency: number("Consumers working at once.", 80, "consumers", [1, 400], { envelope: [40, 200] }),
  max_in_flight: number("Messages handed out and not yet acknowledged.", 256, "messages", [1, 5000], {
    envelope: [64, 1024],
  }),
  retry_limit: number("Attempts before a message is dead-lettered.", 4, "attempts", [0, 100], { envelope: [3, 10] }),
  visibility_timeout_ms: number(
    "An unacknowledged message is delivered again after this.",
    60_000,
    "ms",
    [1000, 3_600_000],
    { envelope: [20_000, 900_000] },
  ),
  memory_limit_mb: number("Memory before publishers are slowed.", 4096, "MB", [256, 65_536], {
    envelope: [1024, 16_384],
  }),
  partition_key: choice(
    "What spreads messages over partitions.",
    "order_id",
    ["order_id", "customer_id", "region"],
    ["order_id", "customer_id"],
  ),
  dlq_enabled: flag("Keep failed messages in a dead-letter queue.", true, true),
  batch_publish_limit_rps: number(
    "Messages the batch tenant may publish per second; 0 is off.",
    0,
    "msg/s",
    [0, 5000],
    {
      envelope: [0, 200],
      off: 0,
    },
  ),
  tls_cert_id: name("Certificate shown to publishers, from the inventory.", "mq-b", "certificate"),
} as const;
