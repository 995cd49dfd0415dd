import { SERVICES } from "../../core/topology.ts";
import type { ServiceName } from "../../core/topology.ts";
import type { Layout } from "./layout.ts";

/** Restarts of one service that count as many. */
const MANY = 3;

/** How often each service was restarted in this episode. */
export class RestartFeatures {
  readonly #first: number;

  constructor(layout: Layout) {
    this.#first = layout.features.length;
    for (const service of SERVICES) layout.add(`restarts.${service}`, 0, 1);
  }

  count(row: Float32Array, service: ServiceName): void {
    const at = this.#first + SERVICES.indexOf(service);
    row[at] = Math.min(1, (row[at] as number) + 1 / MANY);
  }
}
