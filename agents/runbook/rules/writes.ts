import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics } from "../steps.ts";
import { suspect } from "../suspect.ts";

const web = "web_server";
const database = "database";

const readOnly = (seen: Notebook) => seen.logged(web, /refused: read-only transaction/) !== null;
const noSpace = (seen: Notebook) => seen.logged(web, /could not extend file/) !== null;
const lockHeld = (seen: Notebook) =>
  seen.row(database, "lock_wait_ms").now > 0 || seen.logged(database, /waiting for lock/) !== null;

/** Writes that the database refuses or holds back. */
export const writeRules: readonly Rule[] = [
  suspect({
    name: "the database was left read-only",
    when: readOnly,
    service: database,
    key: "read_only",
    moved: "either",
    odd: (value) => value === true,
    fault: "mode",
    look: [logs(database)],
    otherwise: () => false,
  }),
  suspect({
    name: "a dead replication slot fills the disk",
    when: noSpace,
    service: database,
    key: "slot_wal_keep_gb",
    moved: "either",
    odd: (_, seen) => seen.row(database, "wal_retained_gb").now > 10,
    fault: "disk",
    look: [metrics(database), logs(database)],
    otherwise: () => 40,
  }),
  suspect({
    name: "the disk is full",
    when: noSpace,
    service: database,
    key: "disk_quota_gb",
    moved: "down",
    fault: "disk",
    look: [metrics(database), logs(database)],
    otherwise: (seen) => Math.round(1.5 * Number(seen.value(database, "disk_quota_gb"))),
  }),
  suspect({
    name: "an idle transaction holds a lock",
    when: lockHeld,
    service: database,
    key: "idle_in_txn_timeout_ms",
    moved: "either",
    odd: (value) => value === 0 || Number(value) > 300_000,
    fault: "lock",
    look: [metrics(database), logs(database)],
    otherwise: () => 60_000,
  }),
];
