import { pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { config, history, logs, metrics, restart, set, status } from "../steps.ts";
import type { Step } from "../steps.ts";
import { suspect, times, valueBefore } from "../suspect.ts";

const web = "web_server";
const database = "database";
const NAME_TTL = "dns_cache_ttl_s";

const webSays = (pattern: RegExp) => (seen: Notebook) => seen.logged(web, pattern) !== null;

/** Whether the web tier tries another address than the one that the database says it has. */
function triesOldAddress(seen: Notebook): boolean {
  const tried = seen.logged(web, /connect \S+ at (\S+): no answer/)?.[1];
  const actual = seen.status(database)?.address;
  return tried !== undefined && actual !== undefined && tried !== actual;
}

/** For ever is too long to keep a name; a restart drops what was kept. */
const forgetNames = (seen: Notebook): [Step, ...Step[]] =>
  Number(seen.value(web, NAME_TTL)) < 0
    ? [set(web, NAME_TTL, valueBefore(seen, web, NAME_TTL, "either") ?? 30), restart(web)]
    : [restart(web)];

/** A database that is not there, or refuses what it is asked. */
export const databaseAccessRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "the web tier kept an old address of the database",
    when: webSays(/connect \S+ at \S+: no answer/),
    look: [status(database), logs(database), config(web), history(web, NAME_TTL)],
    confirm: triesOldAddress,
    blame: [web, "address"],
    change: forgetNames,
  },
  {
    kind: "cure",
    name: "the database process is gone",
    when: webSays(/connect \S+: refused/),
    look: [status(database), logs(database)],
    confirm: (seen) => seen.status(database)?.state === "down",
    blame: [database, "crash"],
    change: () => [restart(database)],
  },
  suspect({
    name: "the database was left read-only",
    when: webSays(/refused: read-only transaction/),
    service: database,
    key: "read_only",
    moved: "either",
    odd: (value) => value === true,
    fault: "mode",
    look: [logs(database)],
    otherwise: () => false,
  }),
  suspect({
    name: "the disk is full",
    when: webSays(/could not extend file/),
    service: database,
    key: "disk_quota_gb",
    moved: "down",
    fault: "disk",
    look: [metrics(database), logs(database)],
    otherwise: (seen) => times(1.5, seen, database, "disk_quota_gb"),
  }),
  suspect({
    name: "the database allows too few connections",
    when: webSays(/too many connections/),
    service: database,
    key: "max_connections",
    moved: "down",
    fault: "limit",
    look: [metrics(database), logs(database)],
  }),
];

/** A database that answers late, or would answer if it were asked. */
export const databaseLoadRules: readonly Rule[] = [
  {
    kind: "pointer",
    name: "the web tier waits for the database or gets errors from it: how is it?",
    when: (seen) =>
      pinned(seen.row(web, "pool_use_ratio")) ||
      seen.row(web, "db_error_ratio").now > 0.004 ||
      rose(seen.row(web, "latency_ms{user}"), 1.5) ||
      rose(seen.row(web, "latency_ms{write}"), 1.5),
    look: [metrics(database), logs(database)],
  },
  rebuildIndex("orders", "idx_orders_user"),
  rebuildIndex("products", "idx_products_sku"),
  suspect({
    name: "the pool is too small for a database that has time",
    when: (seen) =>
      pinned(seen.row(web, "pool_use_ratio")) &&
      !pinned(seen.row(database, "slot_use_ratio{primary}")) &&
      !pinned(seen.row(database, "slot_use_ratio{replica}")),
    service: web,
    key: "db_pool_size",
    moved: "down",
    fault: "pool",
    look: [logs(web)],
  }),
  suspect({
    name: "failed calls are tried again and again",
    when: (seen) => rose(seen.row(web, "db_attempts_per_call"), 1.15),
    service: web,
    key: "retry_max",
    moved: "up",
    fault: "retry",
    look: [logs(web)],
  }),
];

function rebuildIndex(table: string, key: string): Rule {
  const scan = new RegExp(`sequential scan on ${table}`);
  return {
    kind: "cure",
    name: `${table} is read without its index`,
    when: (seen) => seen.logged(database, scan) !== null,
    look: [metrics(database), config(database)],
    confirm: (seen) => seen.value(database, key) === "invalid",
    blame: [database, "index"],
    change: () => [set(database, key, "valid")],
  };
}
