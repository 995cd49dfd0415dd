import { readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "./errors.ts";

/**
 * What a file of JSON holds.
 * @throws UsageError naming the file and each wrong field
 */
export const readJsonFile = <Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> =>
  parseJson(textOf(file), schema, file);

/** @throws UsageError naming the source and each wrong field */
export function parseJson<Schema extends z.ZodType>(text: string, schema: Schema, source: string): z.output<Schema> {
  return checked(json(text, source), schema, source);
}

/** @throws UsageError naming the source and each wrong field */
export function checked<Schema extends z.ZodType>(value: unknown, schema: Schema, source: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${source} cannot be used.\n${parsed.error.issues.map(described).join("\n")}`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

function json(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The parser's message quotes the text, in which a misplaced key may stand.
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
    const place = position === undefined ? "" : ` in line ${text.slice(0, Number(position)).split("\n").length}`;
    throw new UsageError(`${source} is no JSON${place}. Comments and trailing commas are not allowed.`);
  }
}

function described({ path, message }: z.core.$ZodIssue): string {
  return `  ${path.length === 0 ? "(whole file)" : path.join(".")}: ${message.replace(/^Invalid input: /, "")}`;
}
