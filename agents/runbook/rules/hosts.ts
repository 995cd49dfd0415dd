import { outlier } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { config, history, logs, set } from "../steps.ts";
import type { Step } from "../steps.ts";
import { suspect, valueBefore } from "../suspect.ts";

const edge = "load_balancer";
const WEIGHTS = ["weight_web_1", "weight_web_2", "weight_web_3", "weight_web_4"];
/** Even shares differ by display noise only. */
const UNEVEN_FACTOR = 1.3;

const uneven = (seen: Notebook) => {
  const shares = seen.perHost(edge, "share_ratio").map(({ now }) => now);
  return Math.max(...shares) > UNEVEN_FACTOR * Math.min(...shares);
};

/** Slow although it gets no more than its share; 0-based, −1: none. */
const slowHost = (seen: Notebook): number =>
  uneven(seen)
    ? -1
    : Math.max(
        outlier(seen.perHost(edge, "probe_latency_ms"), 2.5),
        outlier(seen.perHost("web_server", "queue_wait_ms"), 3),
        outlier(seen.perHost("web_server", "worker_busy_ratio"), 2),
      );

/** The four hosts should look alike; one that does not is badly fed or ill. */
export const hostRules: readonly Rule[] = [
  suspect({
    name: "clients stick to one host",
    when: uneven,
    service: edge,
    key: "sticky_sessions",
    moved: "either",
    odd: (value) => value === true,
    fault: "routing",
    otherwise: () => false,
  }),
  {
    kind: "cure",
    name: "weights send the traffic to a few hosts",
    when: uneven,
    look: [config(edge), ...WEIGHTS.map((key) => history(edge, key))],
    confirm: (seen) => movedWeights(seen).length > 0,
    blame: [edge, "routing"],
    change: movedWeights,
  },
  {
    kind: "cure",
    name: "one host is slow: take it out",
    when: (seen) => slowHost(seen) >= 0,
    look: [logs("web_server"), logs(edge), config(edge)],
    blame: ["web_server", "degraded_host"],
    change: (seen) => [set(edge, WEIGHTS[slowHost(seen)] as string, 0)],
  },
];

function movedWeights(seen: Notebook): Step[] {
  return WEIGHTS.flatMap((key) => {
    const before = valueBefore(seen, edge, key, "either");
    return before === undefined || before === seen.value(edge, key) ? [] : [set(edge, key, before)];
  });
}
