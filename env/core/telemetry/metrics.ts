import { significant } from "../maths.ts";
import { hashNoise } from "../rng.ts";
import type { State } from "../state.ts";
import type { ServiceName } from "../topology.ts";
import { COLUMNS, firstRow, historyValue, metricRows } from "./history.ts";
import type { MetricsData, MetricsRowData } from "./results.ts";
import type { RowKind } from "./rows.ts";

/** Display noise is uniform within this share of the value. */
export const NOISE = 0.02;
/** Its standard deviation. */
export const NOISE_SIGMA = NOISE / 1.7320508075688772;

/** The metrics table of a service. Looking twice in one tick shows the same numbers. */
export function readMetrics(state: State, service: ServiceName, noiseKey: number): MetricsData {
  const table = metricRows[service];
  const first = firstRow[service];
  const rows: MetricsRowData[] = [];
  for (let i = 0; i < table.length; i += 1) {
    const { name, unit, kind } = table[i] as (typeof table)[number];
    const row = first + i;
    rows.push([
      name,
      unit,
      display(historyValue(state, row, 0), kind, hashNoise(noiseKey, state.tick, row)),
      display(historyValue(state, row, 1), kind, 0),
      display(historyValue(state, row, 2), kind, 0),
      display(historyValue(state, row, 3), kind, 0),
    ]);
  }
  return { kind: "metrics", service, columns: COLUMNS, rows };
}

/** A value as it is shown. Zero stays zero, ratios stay in [0, 1]; counts and exact values carry no noise. */
function display(value: number, kind: RowKind, noise: number): number {
  switch (kind) {
    case "exact":
      return Math.round(value * 10) / 10;
    case "count":
      return Math.round(value);
    case "ratio":
      return significant(Math.min(1, value * (1 + NOISE * noise)));
    case "attempts":
      return significant(1 + (value - 1) * (1 + NOISE * noise));
    case "measure":
      return significant(value * (1 + NOISE * noise));
  }
}
