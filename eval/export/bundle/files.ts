import { EpisodeRecord, RunEventRecord, StepRecord } from "../../../env/store/episode-records.ts";
import { RunRecord, SlotRecord, SuiteRecord, TaskSpecRecord, VariantRecord } from "../../../env/store/plan-records.ts";
import { ProviderCallRecord } from "../../../env/store/provider-records.ts";
import { asStored, columnsOf } from "../../../env/store/rows.ts";
import type { RecordSchema } from "../../../env/store/rows.ts";
import { canonicalJson } from "../../../env/store/trajectory.ts";
import type { z } from "zod";

/** The tables of a bundle: one file each, one record a line. */
export const TABLES = {
  suites: SuiteRecord,
  task_specs: TaskSpecRecord,
  variants: VariantRecord,
  runs: RunRecord,
  slots: SlotRecord,
  episodes: EpisodeRecord,
  steps: StepRecord,
  events: RunEventRecord,
  calls: ProviderCallRecord,
} as const satisfies Record<string, RecordSchema>;
export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** All records of a bundle, each table in the order in which a store gives it. */
export type Records = { readonly [Name in TableName]: readonly z.output<(typeof TABLES)[Name]>[] };

export const MANIFEST = "manifest.json";
export const FORMAT = "oncall-gym/bundle@1";

/** Made from the tables, for people; nothing is read back from them. */
export const DERIVED = ["scored.jsonl", "leaderboard.json", "report.md"] as const;
export type DerivedName = (typeof DERIVED)[number];

export const fileOf = (table: TableName): string => `${table}.jsonl`;

/** A record under the names of the columns, which Python programs read as well. */
export function lineOf(schema: RecordSchema, record: Readonly<Record<string, unknown>>): string {
  const named = columnsOf(schema).map(({ field, column }) => [publicName(column), record[field]]);
  return `${canonicalJson(Object.fromEntries(named))}\n`;
}

/**
 * The record of a line. Fields that it should not have are refused, as a store refuses them.
 * Throws a SyntaxError for no JSON, a StoreError UNSTORABLE that names the field for a wrong record.
 */
export function recordOf<Schema extends RecordSchema>(name: string, schema: Schema, line: string): z.output<Schema> {
  const columns = new Map(columnsOf(schema).map(({ field, column }) => [publicName(column), field]));
  const parsed: unknown = JSON.parse(line);
  const named = Object.entries(typeof parsed === "object" && parsed !== null ? parsed : {});
  return asStored(name, schema, Object.fromEntries(named.map(([key, value]) => [columns.get(key) ?? key, value])));
}

const publicName = (column: string): string => column.replace(/_json$/, "");
