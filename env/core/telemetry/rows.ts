import { hostName, WEB_HOSTS } from "../topology.ts";

/**
 * How a row is displayed. A `ratio` stays in [0, 1], `attempts` are at least 1; a `count` is whole, and like an `exact`
 * row carries no display noise, because it is a fact rather than a measurement; a `measure` shows three digits.
 */
export type RowKind = "ratio" | "attempts" | "count" | "exact" | "measure";

export interface RowDef {
  readonly unit: string;
  readonly kind: RowKind;
}

/** One displayed row: `memory_mb{web-2}`, MB, measure. */
export interface MetricRow extends RowDef {
  readonly name: string;
}

export const ratio: RowDef = { unit: "ratio", kind: "ratio" };
export const attempts: RowDef = { unit: "attempts", kind: "attempts" };
export const count = (unit: string): RowDef => ({ unit, kind: "count" });
export const exact = (unit: string): RowDef => ({ unit, kind: "exact" });
export const measure = (unit: string): RowDef => ({ unit, kind: "measure" });

/** The rows of a service, and where each stands in the block of numbers that its `sample` function fills. */
export interface RowTable<Name extends string> {
  readonly rows: readonly MetricRow[];
  readonly at: Readonly<Record<Name, number>>;
}

/**
 * Lays out the rows of a service. A name that ends in `{host}` stands for one row per web host; its index is that of
 * the first host.
 */
export function rowTable<Name extends string>(defs: Readonly<Record<Name, RowDef>>): RowTable<Name> {
  const rows: MetricRow[] = [];
  const index: Partial<Record<Name, number>> = {};
  for (const [name, def] of Object.entries(defs) as [Name, RowDef][]) {
    index[name] = rows.length;
    if (!name.endsWith("{host}")) {
      rows.push({ name, ...def });
      continue;
    }
    for (let i = 0; i < WEB_HOSTS; i += 1) rows.push({ name: name.replace("{host}", `{${hostName(i)}}`), ...def });
  }
  return { rows, at: fixedSlots(index) as Record<Name, number> };
}

/**
 * The same plain data with fixed slots: V8 keeps an object that was built key by key as a hash table, which makes
 * every read in the hot loop five times slower.
 */
export const fixedSlots = <T>(plain: T): T => JSON.parse(JSON.stringify(plain)) as T;

/** Mean of a per-host value, weighted by the traffic that each host gets; the plain mean when none gets any. */
export function hostMean(share: readonly number[], values: readonly number[]): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) {
    sum += (share[i] as number) * (values[i] as number);
    weight += share[i] as number;
  }
  return weight > 0 ? sum / weight : plainMean(values);
}

export function plainMean(values: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) sum += values[i] as number;
  return sum / WEB_HOSTS;
}
