import { fell, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { history, logs, metrics, restart, set, status } from "../steps.ts";
import { suspect, valueBefore } from "../suspect.ts";

const web = "web_server";

const collecting = (seen: Notebook) => seen.logged(web, /garbage collection paused/) !== null;
const outOfWorkers = (seen: Notebook) => pinned(seen.row(web, "worker_busy_ratio"));
const databaseBored = (seen: Notebook) =>
  !pinned(seen.row("database", "slot_use_ratio{primary}")) && !pinned(seen.row("database", "slot_use_ratio{replica}"));

/** The web processes themselves: limits, memory, workers. */
export const webRules: readonly Rule[] = [
  suspect({
    name: "the hosts answer 429",
    when: (seen) => seen.row(web, "error_429_ratio").now > 0.005,
    service: web,
    key: "rate_limit_rps",
    moved: "either",
    odd: (value) => value !== 0,
    fault: "limit",
    look: [logs(web)],
    otherwise: () => 0,
  }),
  {
    kind: "cure",
    name: "memory grew since the last release: roll it back",
    when: (seen) => rose(seen.row(web, "memory_mb"), 1.25),
    look: [logs(web), history(web, "app_version")],
    confirm: (seen) => valueBefore(seen, web, "app_version", "either") !== undefined,
    blame: [web, "leak"],
    change: (seen) => [set(web, "app_version", valueBefore(seen, web, "app_version", "either") as string)],
  },
  suspect({
    name: "the hosts were given too little memory",
    when: collecting,
    service: web,
    key: "memory_limit_mb",
    moved: "down",
    fault: "capacity",
  }),
  {
    kind: "cure",
    name: "workers exited and do not come back",
    when: (seen) => fell(seen.row(web, "live_worker_ratio"), 1.15),
    look: [logs(web), status(web)],
    blame: [web, "crash"],
    change: () => [restart(web)],
  },
];

/** Workers all busy while what they wait for is well. */
export const workerRules: readonly Rule[] = [
  {
    kind: "pointer",
    name: "what do the workers wait for?",
    when: outOfWorkers,
    look: [metrics("database")],
  },
  suspect({
    name: "too few workers",
    when: (seen) => outOfWorkers(seen) && databaseBored(seen),
    service: web,
    key: "max_workers",
    moved: "down",
    fault: "capacity",
    look: [logs(web)],
  }),
];
