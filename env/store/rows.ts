import { z } from "zod";
import { StoreError } from "./errors.ts";
import { isJson } from "./values.ts";

/** A table's record: each field a codec of `values.ts`, in the order of the columns. */
export type RecordSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** What is bound to a statement or came from one, by column name. */
export type Row = Record<string, string | number | null>;

/** A record to be written: what may be null may be left out. */
export type Draft<Full> = {
  [Field in keyof Full as Omissible<Full[Field]> extends true ? never : Field]: Full[Field];
} & {
  [Field in keyof Full as Omissible<Full[Field]> extends true ? Field : never]?: Full[Field] | undefined;
};
type Omissible<Value> = unknown extends Value ? false : null extends Value ? true : false;

/**
 * Checks a record and writes it as a row.
 * @param name how errors call the record, such as `step[3]`
 * Throws StoreError UNSTORABLE naming the field: `step[3].reward: expected number, received NaN`.
 */
export function encodeRow(name: string, schema: RecordSchema, record: object): Row {
  const encoded = z.safeEncode(schema, completed(schema, record));
  if (!encoded.success) throw new StoreError("UNSTORABLE", described(name, encoded.error));
  const row: Row = {};
  for (const { field, column } of columnsOf(schema)) row[column] = encoded.data[field] as Row[string];
  return row;
}

/** The record of a row; columns that the schema does not have are dropped. Throws StoreError UNREADABLE. */
export function decodeRow<Schema extends RecordSchema>(name: string, schema: Schema, row: Row): z.output<Schema> {
  const fields: Record<string, unknown> = {};
  for (const { field, column } of columnsOf(schema)) fields[field] = row[column];
  const decoded = z.safeDecode(schema, fields as z.input<Schema>);
  if (!decoded.success) throw new StoreError("UNREADABLE", described(name, decoded.error));
  return decoded.data;
}

/** The record as it will come back from a store: checked, completed, and sharing nothing with what was given. */
export const asStored = <Schema extends RecordSchema>(name: string, schema: Schema, record: object) =>
  decodeRow(name, schema, encodeRow(name, schema, record));

/** A field of a record and the column that holds it. */
export interface Column {
  readonly field: string;
  readonly column: string;
  readonly nullable: boolean;
}

/** The columns of a record: `costUusd` is `cost_uusd`, the JSON field `checks` is `checks_json`. */
export function columnsOf(schema: RecordSchema): readonly Column[] {
  const known = columnCache.get(schema);
  if (known) return known;
  const columns = Object.entries(schema.shape).map(([field, type]) => ({
    field,
    column: field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) + (isJson(type) ? "_json" : ""),
    nullable: type instanceof z.ZodNullable,
  }));
  columnCache.set(schema, columns);
  return columns;
}
const columnCache = new WeakMap<RecordSchema, readonly Column[]>();

/** The record with null for each nullable field that was left out. Unknown fields stay, to be refused. */
function completed(schema: RecordSchema, record: object): Record<string, unknown> {
  const complete: Record<string, unknown> = { ...record };
  for (const { field, nullable } of columnsOf(schema)) if (nullable) complete[field] ??= null;
  return complete;
}

function described(name: string, error: z.ZodError): string {
  const sentences = error.issues.map((issue) => {
    const place = [name, ...issue.path.map(String)].join(".");
    return `${place}: ${issue.message.replace(/^Invalid input: /, "")}.`;
  });
  return sentences.join(" ");
}
