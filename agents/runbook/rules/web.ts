import { fell, outlier, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { config, history, logs, metrics, restart, set, status } from "../steps.ts";
import { suspect, valueBefore } from "../suspect.ts";

const web = "web_server";
const edge = "load_balancer";

const releaseBefore = (seen: Notebook) => valueBefore(seen, web, "app_version", "either");
const outOfWorkers = (seen: Notebook) => pinned(seen.row(web, "worker_busy_ratio"));
const databaseBored = (seen: Notebook) =>
  !pinned(seen.row("database", "slot_use_ratio{primary}")) && !pinned(seen.row("database", "slot_use_ratio{replica}"));
/** 0-based; −1: none stands out. */
const slowHost = (seen: Notebook) => outlier(seen.perHost(edge, "probe_latency_ms"), 2.5);

/** The web processes themselves: workers, memory, limits, one bad host. */
export const webRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "memory grew since the last release: roll it back",
    when: (seen) => rose(seen.row(web, "memory_mb"), 1.25),
    look: [logs(web), history(web, "app_version")],
    confirm: (seen) => releaseBefore(seen) !== undefined,
    blame: [web, "leak"],
    change: (seen) => [set(web, "app_version", releaseBefore(seen) as string)],
  },
  {
    kind: "cure",
    name: "workers exited and do not come back",
    when: (seen) => fell(seen.row(web, "live_worker_ratio"), 1.15),
    look: [logs(web), status(web)],
    blame: [web, "crash"],
    change: () => [restart(web)],
  },
  {
    kind: "cure",
    name: "one host is slow: take it out",
    when: (seen) => slowHost(seen) >= 0,
    look: [logs(web), logs(edge), config(edge)],
    blame: [web, "degraded_host"],
    change: (seen) => [set(edge, `weight_web_${slowHost(seen) + 1}`, 0)],
  },
  suspect({
    name: "the hosts answer 429",
    when: (seen) => seen.row(web, "error_429_ratio").now > 0.005,
    service: web,
    key: "rate_limit_rps",
    moved: "either",
    fault: "limit",
    look: [logs(web)],
    otherwise: () => 0,
  }),
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
