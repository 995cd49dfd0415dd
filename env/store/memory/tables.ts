import type { EpisodeRecord, RunEventRecord, StepRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import type { RunRecord, SlotRecord, SuiteRecord, TaskSpecRecord, VariantRecord } from "../plan-records.ts";
import type { GateRecord, ProviderCallRecord } from "../provider-records.ts";

/** The tables of the database as maps, by key. Suites are keyed by `suiteKey`, steps by their episode and in order. */
export interface Tables {
  readonly suites: Map<string, SuiteRecord>;
  readonly variants: Map<string, VariantRecord>;
  readonly taskSpecs: Map<string, TaskSpecRecord>;
  readonly runs: Map<string, RunRecord>;
  readonly slots: Map<string, SlotRecord>;
  readonly episodes: Map<string, EpisodeRecord>;
  readonly steps: Map<string, readonly StepRecord[]>;
  /** By run, in the order added. */
  readonly events: Map<string, RunEventRecord[]>;
  readonly calls: Map<string, ProviderCallRecord>;
  /** By endpoint. */
  readonly gates: Map<string, GateRecord>;
}

export const emptyTables = (): Tables => ({
  suites: new Map(),
  variants: new Map(),
  taskSpecs: new Map(),
  runs: new Map(),
  slots: new Map(),
  episodes: new Map(),
  steps: new Map(),
  events: new Map(),
  calls: new Map(),
  gates: new Map(),
});

/** Puts every table back as it was when the body throws. */
export function allOrNothing<Result>(tables: Tables, body: () => Result): Result {
  const before = structuredClone(tables);
  try {
    return body();
  } catch (error) {
    for (const name of Object.keys(tables) as (keyof Tables)[]) {
      const table = tables[name] as Map<string, unknown>;
      table.clear();
      for (const [key, row] of before[name]) table.set(key, row);
    }
    throw error;
  }
}

export const suiteKey = (suite: string, version: string): string => JSON.stringify([suite, version]);

/** The record of that key. Throws StoreError NOT_FOUND, in which `what` names the kind: `Run "x"`. */
export function found<Value>(table: ReadonlyMap<string, Value>, what: string, key: string): Value {
  const value = table.get(key);
  if (value === undefined) throw new StoreError("NOT_FOUND", `${what} "${key}".`);
  return value;
}

/** The run's slots in the order of play. */
export const slotsOf = ({ slots }: Tables, runId: string): SlotRecord[] =>
  [...slots.values()].filter((slot) => slot.runId === runId).toSorted(byPlay);

/** What callers get is theirs to change. */
export const copied = <Value>(value: Value): Value => structuredClone(value);

/** As SQLite orders text; JavaScript's order of code units differs beyond the basic plane. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const byCreation = (a: RunRecord, b: RunRecord): number =>
  a.createdAt - b.createdAt || byBytes(a.runId, b.runId);

type Place = Pick<SlotRecord, "ordinal" | "slotId">;
export const byPlay = (a: Place, b: Place): number => a.ordinal - b.ordinal || byBytes(a.slotId, b.slotId);
