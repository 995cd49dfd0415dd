import type { StatusData } from "../../core/telemetry/results.ts";
import { DEPENDENCIES, SERVICES } from "../../core/topology.ts";
import type { ServiceName } from "../../core/topology.ts";
import type { Layout } from "./layout.ts";
import { clamp, log2 } from "./scale.ts";

/** Doublings of an uptime in seconds that count as long: some 48 days. */
const UPTIME_SPAN = 22;

const TROUBLE: Readonly<Record<StatusData["state"], number>> = { up: 0, degraded: 0.5, down: 1 };

/** Which dependencies each service asks, in its own order, and where their features stand. */
interface Slots {
  readonly state: number;
  readonly dependencies: number;
}

/** What each process said of itself and of those that it depends on. */
export class StatusFeatures {
  readonly #slots: Readonly<Record<ServiceName, Slots>>;

  constructor(layout: Layout) {
    this.#slots = Object.fromEntries(SERVICES.map((service) => [service, addService(layout, service)])) as Record<
      ServiceName,
      Slots
    >;
  }

  writeState(row: Float32Array, service: ServiceName, state: StatusData["state"], uptimeSeconds: number): void {
    const at = this.#slots[service].state;
    row[at] = TROUBLE[state];
    row[at + 1] = clamp(log2(1 + uptimeSeconds) / UPTIME_SPAN, 0, 1);
  }

  /** @param dependency position among those of the service */
  writePing(row: Float32Array, service: ServiceName, dependency: number, failed: boolean): void {
    row[this.#slots[service].dependencies + 2 * dependency] = failed ? 1 : 0;
  }

  /** @param elsewhere whether it is called under another address than it gave of itself; false when it was not asked */
  writeElsewhere(row: Float32Array, service: ServiceName, dependency: number, elsewhere: boolean): void {
    row[this.#slots[service].dependencies + 2 * dependency + 1] = elsewhere ? 1 : 0;
  }
}

function addService(layout: Layout, service: ServiceName): Slots {
  const state = layout.features.length;
  for (const name of ["trouble", "uptime"]) layout.add(`status.${service}.${name}`, 0, 1);
  const dependencies = layout.features.length;
  for (const other of DEPENDENCIES[service]) {
    layout.add(`status.${service}.ping.${other}.failed`, 0, 1);
    layout.add(`status.${service}.ping.${other}.elsewhere`, 0, 1);
  }
  return { state, dependencies };
}
