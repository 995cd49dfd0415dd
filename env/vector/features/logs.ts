import { logConditions } from "../../core/telemetry/logs.ts";
import type { ServiceName } from "../../core/topology.ts";
import type { Layout } from "./layout.ts";
import { firstTemplate, LOG_TEMPLATES } from "./log-templates.ts";
import { clamp, log2 } from "./scale.ts";

/** A line that was read earlier and was not among those of the last reading. */
const READ_BEFORE = 0.1;
const FAINTEST = 0.25;
/** Doublings of a count from the faintest to the strongest. */
const COUNT_SPAN = 17;

/** How strong each kind of line stood in the last reading of its service. */
export class LogFeatures {
  readonly #first: number;

  constructor(layout: Layout) {
    this.#first = layout.features.length;
    for (const { service, words } of LOG_TEMPLATES) layout.add(`logs.${service}.${words}`, 0, 1);
  }

  /** A reading of a service begins: what was read before fades. */
  begin(row: Float32Array, service: ServiceName): void {
    const first = this.#first + firstTemplate[service];
    for (let at = first; at < first + logConditions[service].length; at += 1) if (row[at] !== 0) row[at] = READ_BEFORE;
  }

  /** One line of the reading; several of a kind count as the strongest. */
  write(row: Float32Array, template: number, count: number): void {
    if (template < 0) return;
    const strength = clamp(FAINTEST + ((1 - FAINTEST) * log2(count)) / COUNT_SPAN, FAINTEST, 1);
    const at = this.#first + template;
    if (strength > (row[at] as number)) row[at] = strength;
  }
}
