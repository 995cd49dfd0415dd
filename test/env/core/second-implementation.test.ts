import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { restartService, setConfig } from "../../../env/core/change.ts";
import type { ConfigValue } from "../../../env/core/services/keys.ts";
import { levelsAt, SLO_NAMES } from "../../../env/core/slo.ts";
import { coldState } from "../../../env/core/cold.ts";
import type { Release, State } from "../../../env/core/state.ts";
import { tick } from "../../../env/core/tick.ts";
import { TICK_SECONDS } from "../../../env/core/time.ts";
import type { ServiceName } from "../../../env/core/topology.ts";

/** What happened before a tick: a key was set, a service restarted, or the incident itself moved on. */
type Event =
  | readonly [at: number, kind: "set", service: ServiceName, key: string, value: ConfigValue]
  | readonly [at: number, kind: "restart", service: ServiceName]
  | readonly [at: number, kind: "surge" | "stall", factor: number];

type Plain = { readonly [field: string]: unknown };

interface Case {
  readonly name: string;
  /** What differs from `healthy`. */
  readonly start: Plain;
  readonly events: readonly Event[];
  readonly series: Readonly<Record<string, readonly number[]>>;
}

/** Recorded from an implementation that shares no code with this one: other language, other structure. */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../golden/second-implementation.json"), "utf8"),
) as {
  readonly tick: number;
  readonly ticks: number;
  readonly every: number;
  readonly healthy: Plain;
  readonly cases: readonly Case[];
};

/** Not tighter, because what a tick carries on is rounded to 1e-9 here and not there. */
const RELATIVE = 1e-5;
/** Below this both count as nothing. */
const NOTHING = 1e-8;

const GROUPS = ["load", "edge", "web", "cache", "database", "queue"] as const;

/** Objects field by field; everything else as a whole. */
function merged(base: unknown, changes: unknown): unknown {
  if (changes === undefined) return base;
  if (!isPlain(base) || !isPlain(changes)) return changes;
  const keys = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries([...keys].map((key) => [key, merged(base[key], changes[key])]));
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function startOf(start: Plain): State {
  const from = merged(recorded.healthy, start) as Plain & {
    readonly config: Readonly<Record<ServiceName, Plain>>;
    readonly certificates: Readonly<Record<string, readonly [secondsLeft: number, nameOk: boolean]>>;
    readonly releases: readonly Release[];
  };
  const state = coldState();
  state.tick = recorded.tick;
  for (const [service, keys] of Object.entries(from.config)) Object.assign(state.config[service as ServiceName], keys);
  for (const group of GROUPS) Object.assign(state[group], structuredClone(from[group]));
  state.releases = structuredClone(from.releases) as Release[];
  state.certificates = Object.entries(from.certificates).map(([id, [secondsLeft, nameOk]]) => ({
    id,
    service: id.startsWith("edge") ? "load_balancer" : "message_queue",
    notBeforeTick: -1e9,
    notAfterTick: recorded.tick + Math.ceil(secondsLeft / TICK_SECONDS) - 1,
    nameOk,
  }));
  return state;
}

function happen(state: State, event: Event): void {
  switch (event[1]) {
    case "set":
      return setConfig(state, event[2], event[3], event[4]);
    case "restart":
      return restartService(state, event[2]);
    case "surge":
      state.load.surge = event[2];
      return undefined;
    case "stall":
      state.database.stall = event[2];
      return undefined;
  }
}

const readings = (state: State): Record<string, number> => ({
  ...Object.fromEntries(SLO_NAMES.map((name, slo) => [name, levelsAt(state, 0)[slo] as number])),
  replica_use: state.database.replicaUse,
  primary_use: state.database.primaryUse,
});

for (const { name, start, events, series } of recorded.cases) {
  test(`${name}: a second implementation shows the same, tick by tick`, () => {
    const state = startOf(start);
    const apart: string[] = [];
    for (let t = 0; t < recorded.ticks; t += 1) {
      for (const event of events) if (event[0] === t) happen(state, event);
      tick(state);
      if ((t + 1) % recorded.every !== 0) continue;
      const at = (t + 1) / recorded.every - 1;
      for (const [row, got] of Object.entries(readings(state))) {
        const values = series[row] as readonly number[];
        const wanted = (values.length === 1 ? values[0] : values[at]) as number;
        if (Math.abs(got - wanted) > RELATIVE * Math.abs(wanted) + NOTHING) {
          apart.push(`tick ${t} ${row}: expected ${wanted}, got ${got}`);
        }
      }
    }
    expect(apart).toEqual([]);
  });
}

test("every incident and every cause is among the recordings", () => {
  expect(recorded.cases).toHaveLength(82);
});
