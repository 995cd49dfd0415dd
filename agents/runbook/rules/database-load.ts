import { fell, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { config, history, logs, metrics, set } from "../steps.ts";
import { suspect } from "../suspect.ts";

const web = "web_server";
const database = "database";

const scans = (table: string) => (seen: Notebook) =>
  seen.logged(database, new RegExp(`sequential scan on ${table}`)) !== null;
const rebuild = (table: string, key: string): Rule => ({
  kind: "cure",
  name: `${table} is read without its index`,
  when: scans(table),
  look: [metrics(database), config(database), history(database, key)],
  confirm: (seen) => seen.value(database, key) === "invalid",
  blame: [database, "index"],
  change: () => [set(database, key, "valid")],
});

const strained = (seen: Notebook) =>
  pinned(seen.row(database, "slot_use_ratio{primary}")) ||
  pinned(seen.row(database, "slot_use_ratio{replica}")) ||
  rose(seen.row(database, "latency_ms{primary}"), 1.5) ||
  rose(seen.row(database, "latency_ms{replica}"), 1.5);
const moreQueries = (seen: Notebook) =>
  rose(seen.row(database, "queries_per_s{primary}"), 1.15) || rose(seen.row(database, "queries_per_s{replica}"), 1.15);
const retrying = (seen: Notebook) => rose(seen.row(web, "db_attempts_per_call"), 1.15);
const timesOut = (seen: Notebook) => seen.logged(web, /query gave no answer within/) !== null;

/** Tables that are read from end to end. */
export const indexRules: readonly Rule[] = [rebuild("orders", "idx_orders_user"), rebuild("products", "idx_products_sku")];

/** A database that works too hard: what makes it? */
export const databaseLoadRules: readonly Rule[] = [
  suspect({
    name: "analytics crowds out the shop",
    when: (seen) => rose(seen.row(database, "analytics_sessions"), 1.5),
    service: database,
    key: "analytics_concurrency",
    moved: "up",
    fault: "noisy",
    look: [logs(database)],
    otherwise: () => 1,
  }),
  suspect({
    name: "the replica gets no reads",
    when: (seen) => fell(seen.row(database, "queries_per_s{replica}"), 5),
    service: database,
    key: "read_replica_enabled",
    moved: "either",
    odd: (value) => value === false,
    fault: "routing",
    otherwise: () => true,
  }),
  suspect({
    name: "dead rows pile up",
    when: (seen) => rose(seen.row(database, "dead_tuple_ratio"), 1.5),
    service: database,
    key: "autovacuum",
    moved: "either",
    odd: (value) => value === false,
    fault: "maintenance",
    look: [logs(database)],
    otherwise: () => true,
  }),
  suspect({
    name: "queries are given up before they can end",
    when: (seen) => timesOut(seen) && !strained(seen),
    service: web,
    key: "db_timeout_ms",
    moved: "down",
    fault: "timeout",
  }),
  suspect({
    name: "failed calls are tried again and again",
    when: retrying,
    service: web,
    key: "retry_max",
    moved: "up",
    odd: (value) => Number(value) > 2,
    fault: "retry",
    look: [logs(web)],
    otherwise: () => 1,
  }),
  suspect({
    name: "retries have no budget",
    when: retrying,
    service: web,
    key: "retry_budget_pct",
    moved: "either",
    odd: (value) => value === 0 || Number(value) > 50,
    fault: "retry",
    look: [logs(web)],
    otherwise: () => 20,
  }),
  ...["flag_bulk_prefetch", "flag_recs"].map((key) =>
    suspect({
      name: `pages read more since ${key} is on`,
      when: (seen) => moreQueries(seen) || strained(seen),
      service: web,
      key,
      moved: "either",
      odd: (value) => value === true,
      fault: "feature_flag",
      otherwise: () => false,
    }),
  ),
  suspect({
    name: "the pools flood the database",
    when: strained,
    service: web,
    key: "db_pool_size",
    moved: "up",
    odd: (value) => Number(value) > 50,
    fault: "pool",
  }),
  suspect({
    name: "the database writes checkpoints all the time",
    when: (seen) => rose(seen.row(database, "latency_ms{primary}"), 1.3),
    service: database,
    key: "checkpoint_timeout_s",
    moved: "down",
    odd: (value) => Number(value) < 120,
    fault: "maintenance",
    look: [logs(database)],
  }),
];
