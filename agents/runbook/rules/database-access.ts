import { pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { config, history, logs, metrics, restart, set, status } from "../steps.ts";
import { suspect, valueBefore } from "../suspect.ts";

const web = "web_server";
const database = "database";

const says = (pattern: RegExp) => (seen: Notebook) => seen.logged(web, pattern) !== null;
const silent = says(/connect \S+ at \S+: no answer/);
const tooMany = says(/too many connections/);
const queueForPool = (seen: Notebook) =>
  pinned(seen.row(web, "pool_use_ratio")) &&
  !pinned(seen.row(database, "slot_use_ratio{primary}")) &&
  !pinned(seen.row(database, "slot_use_ratio{replica}"));

/** Address that the web tier still tries; the database itself says where it is. */
const staleAddress = (seen: Notebook) => {
  const tried = seen.logged(web, /connect \S+ at (\S+): no answer/)?.[1];
  const actual = seen.status(database)?.address;
  return tried !== undefined && actual !== undefined && tried !== actual;
};

/** Statements that never reach the database: name, address, process, connections, pool. */
export const databaseAccessRules: readonly Rule[] = [
  suspect({
    name: "the name of the database is wrong",
    when: says(/cannot resolve|INSERT at \S*replica\S* refused/),
    service: web,
    key: "db_host",
    moved: "either",
    fault: "address",
    look: [logs(database)],
  }),
  {
    kind: "cure",
    name: "the web tier kept an old address of the database",
    when: silent,
    look: [status(database), logs(database), config(web), history(web, "dns_cache_ttl_s")],
    confirm: staleAddress,
    blame: [web, "address"],
    change: (seen) => [
      ...(Number(seen.value(web, "dns_cache_ttl_s")) < 0
        ? [set(web, "dns_cache_ttl_s", valueBefore(seen, web, "dns_cache_ttl_s", "either") ?? 30)]
        : []),
      restart(web),
    ],
  },
  {
    kind: "cure",
    name: "the database process is gone",
    when: says(/connect \S+: refused/),
    look: [status(database), logs(database)],
    confirm: (seen) => seen.status(database)?.state === "down",
    blame: [database, "crash"],
    change: () => [restart(database)],
  },
  {
    kind: "pointer",
    name: "the web tier waits for the database or gets errors from it: how is it?",
    when: (seen) =>
      pinned(seen.row(web, "pool_use_ratio")) ||
      seen.row(web, "db_error_ratio").now > 0.004 ||
      seen.row(web, "db_write_error_ratio").now > 0.004 ||
      rose(seen.row(web, "latency_ms{user}"), 1.5) ||
      rose(seen.row(web, "latency_ms{write}"), 1.5),
    look: [metrics(database), logs(database)],
  },
  suspect({
    name: "the database allows too few connections",
    when: tooMany,
    service: database,
    key: "max_connections",
    moved: "down",
    fault: "limit",
  }),
  suspect({
    name: "the pools ask for more connections than the database has",
    when: tooMany,
    service: web,
    key: "db_pool_size",
    moved: "up",
    fault: "pool",
  }),
  suspect({
    name: "the pool is too small",
    when: queueForPool,
    service: web,
    key: "db_pool_size",
    moved: "down",
    fault: "pool",
    look: [logs(web)],
  }),
  {
    kind: "cure",
    name: "connections are not given back since the last release: roll it back",
    when: (seen) => (queueForPool(seen) || tooMany(seen)) && rose(seen.row(database, "connections"), 1.5),
    look: [logs(web), history(web, "app_version")],
    confirm: (seen) => valueBefore(seen, web, "app_version", "either") !== undefined,
    blame: [web, "leak"],
    change: (seen) => [set(web, "app_version", valueBefore(seen, web, "app_version", "either") as string)],
  },
];
