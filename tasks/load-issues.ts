import { closest, didYouMean } from "../env/core/suggest.ts";
import type { Task } from "../env/core/task.ts";
import { placeOf, quoted } from "./load-error.ts";
import { fieldsAt } from "./load-fields.ts";
import type { FieldSchema } from "./load-fields.ts";

/** What a schema found wrong; `input` is there when the schema was asked to report it. */
export type Issue = NonNullable<ReturnType<typeof Task.safeParse>["error"]>["issues"][number];
type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

/** What was checked, against what: for suggestions. */
export interface Checked {
  readonly schema: FieldSchema;
  readonly data: unknown;
}

/** Each issue as a sentence: where, what was expected, what came, what to change. */
export const sentences = (issues: readonly Issue[], checked: Checked): string[] =>
  issues.flatMap((issue) => describe(issue, [], checked));

function describe(issue: Issue, above: readonly PropertyKey[], checked: Checked): string[] {
  const path = [...above, ...issue.path];
  const place = placeOf(path);
  const expected = (what: string): string[] => [`${place}: ${told(issue, what)}`];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => `${place}: ${unknownField(key, fieldsAt(checked.schema, path, checked.data))}`);
    case "invalid_type":
      return expected(nounOf(issue.expected));
    case "invalid_value":
      return [`${place}: ${told(issue, choices(issue.values, issue.input))}${suggestion(issue.input, issue.values)}`];
    case "too_small":
      return expected(size("at least", Number(issue.minimum), issue.origin));
    case "too_big":
      return expected(size("at most", Number(issue.maximum), issue.origin));
    case "invalid_format":
      return expected(`text like ${issue.pattern ?? issue.format}`);
    case "invalid_union":
      return describeUnion(issue, path, checked);
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      break;
  }
  return [`${place}: ${issue.message}.`];
}

/** A union is told by its nearest alternative; a slip in a field's name is told alone, since the rest follows from it. */
function describeUnion(issue: UnionIssue, path: readonly PropertyKey[], checked: Checked): string[] {
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (discriminator !== undefined && options !== undefined) {
    const input = "input" in issue ? { input: (issue.input as Record<string, unknown>)[discriminator] } : {};
    const { message } = issue;
    return describe({ code: "invalid_value", values: options as string[], message, path: [], ...input }, path, checked);
  }
  const [nearest] = issue.errors.toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined || issue.errors.every(failsAsAWhole)) {
    const fields = fieldsAt(checked.schema, path, checked.data);
    return [`${placeOf(path)}: ${told(issue, nounsOf(issue.errors, fields).join(" or "))}`];
  }
  const lines = nearest.flatMap((inner) => describe(inner, path, checked));
  const slips = lines.filter((line) => line.includes("Did you mean") && line.includes("unknown field"));
  return slips.length > 0 ? slips : lines;
}

const failsAsAWhole = (issues: readonly Issue[]): boolean =>
  issues.every(({ code, path }) => path.length === 0 && code !== "unrecognized_keys");

/** Weight of a value that is of another kind altogether. */
const WRONG_KIND = 100;

/** How far a value is from an alternative: one for each thing to change. */
function distance(issues: readonly Issue[]): number {
  let sum = 0;
  for (const issue of issues) {
    const isWhole = issue.path.length === 0;
    if (issue.code === "unrecognized_keys") sum += issue.keys.length;
    else if (issue.code === "invalid_union" && isWhole) sum += Math.min(...issue.errors.map(distance));
    else sum += isWhole && isOfWrongKind(issue) ? WRONG_KIND : 1;
  }
  return sum;
}

const isOfWrongKind = ({ code, input }: Issue): boolean =>
  code === "invalid_type" || (code === "invalid_value" && typeof input === "object");

/** The kinds that a union takes, in words. */
function nounsOf(alternatives: readonly (readonly Issue[])[], fields: readonly string[]): string[] {
  const nouns = alternatives.flatMap((issues) =>
    issues.flatMap((issue) => {
      if (issue.code === "invalid_union") return nounsOf(issue.errors, fields);
      if (issue.code === "invalid_value") return [choices(issue.values, undefined)];
      if (issue.code !== "invalid_type") return [];
      return [issue.expected === "object" ? `an object with ${fields.join(" or ")}` : nounOf(issue.expected)];
    }),
  );
  return [...new Set(nouns)];
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  array: "a list",
  tuple: "a list",
  object: "an object",
};
const nounOf = (kind: string): string => NOUNS[kind] ?? kind;

function size(bound: "at least" | "at most", limit: number, origin: string): string {
  if (origin === "array") return `${bound} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return `${bound} ${limit}${origin === "string" ? " characters" : ""}`;
}

/** `expected a number, got "3".` */
function told(issue: { readonly input?: unknown; readonly message: string }, expected: string): string {
  if (!("input" in issue)) return `expected ${expected}.`;
  if (issue.input === undefined) return `is missing; expected ${expected}.`;
  return `expected ${expected}; got ${quoted(issue.input)}.`;
}

const MOST_CHOICES = 8;

/** A closed list in words; a long one is left out where the slip is plain. */
function choices(values: readonly unknown[], came: unknown): string {
  if (values.length > MOST_CHOICES && suggestion(came, values) !== "") return `one of ${values.length} names`;
  return values.map((value) => quoted(value)).join(values.length === 2 ? " or " : ", ");
}

const suggestion = (came: unknown, values: readonly unknown[]): string =>
  typeof came === "string" ? didYouMean(came, values.map(String)) : "";

/** `unknown field "acepted". Did you mean "accepted"?` */
function unknownField(name: string, known: readonly string[]): string {
  const what = `unknown field ${quoted(name)}.`;
  if (closest(name, known) !== null) return what + didYouMean(name, known);
  return known.length === 0 ? `${what} Remove it.` : `${what} There are: ${known.join(", ")}.`;
}
