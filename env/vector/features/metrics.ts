import { firstRow, metricRows } from "../../core/telemetry/history.ts";
import type { MetricRow } from "../../core/telemetry/rows.ts";
import { SERVICES } from "../../core/topology.ts";
import type { Layout } from "./layout.ts";
import { change, clamp, level } from "./scale.ts";

/** Rows of all services, in the order of `firstRow`. */
const ROWS: readonly MetricRow[] = SERVICES.flatMap((service) => metricRows[service]);

/** Rates and durations say most by how they move, shares and counts by their size. */
const IS_RATE = ROWS.map(({ kind }) => kind === "measure" || kind === "attempts");
const IS_RATIO = ROWS.map(({ kind }) => kind === "ratio");

/** The last reading of every metric: against yesterday, and its size or its trend. */
export class MetricFeatures {
  readonly #first: number;

  constructor(layout: Layout) {
    this.#first = layout.features.length;
    for (const service of SERVICES) {
      metricRows[service].forEach(({ name }, i) => {
        const row = firstRow[service] + i;
        layout.add(`metrics.${service}.${name}.change`, -1, 1);
        layout.add(`metrics.${service}.${name}.${IS_RATE[row] ? "trend" : "level"}`, IS_RATIO[row] ? 0 : -1, 1);
      });
    }
  }

  /**
   * @param metric position among the rows of all services
   * @param now the three columns as they were shown
   */
  write(row: Float32Array, metric: number, now: number, halfHour: number, yesterday: number): void {
    const at = this.#first + 2 * metric;
    row[at] = change(now, yesterday);
    if (IS_RATE[metric] === true) row[at + 1] = change(now, halfHour);
    else row[at + 1] = IS_RATIO[metric] === true ? clamp(now, 0, 1) : level(now);
  }
}
