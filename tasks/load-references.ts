import { drawNames } from "../env/core/names.ts";
import { keyDef, keysOf } from "../env/core/services/config.ts";
import type { KeyDef } from "../env/core/services/keys.ts";
import { didYouMean } from "../env/core/suggest.ts";
import type { Task } from "../env/core/task.ts";
import { metricRows } from "../env/core/telemetry/history.ts";
import { logConditions } from "../env/core/telemetry/logs.ts";
import { SERVICES } from "../env/core/topology.ts";
import type { ServiceName } from "../env/core/topology.ts";
import { placeOf, quoted } from "./load-error.ts";

/** What a definition speaks of and the world does not have: keys, values, rows, log lines, names. One sentence each. */
export function wrongReferences(task: Task): string[] {
  const found: string[] = [];
  visit(task, [], found);
  return found;
}

/** The names of one seed stand for those of all: each role has a name of the same form. */
const ROLE_NAMES = drawNames(0);
const ROLE = /<([a-z_]+\.[a-z]+)>/g;
const named = (text: string): string => text.replace(ROLE, (whole, role: string) => ROLE_NAMES[role] ?? whole);

function visit(node: unknown, path: readonly PropertyKey[], found: string[]): void {
  if (typeof node === "string") found.push(...wrongNames(node, path));
  if (typeof node !== "object" || node === null) return;
  if (isOfService(node)) found.push(...wrongInService(node, path));
  for (const [key, value] of Object.entries(node))
    visit(value, [...path, Array.isArray(node) ? Number(key) : key], found);
}

/** Anything in a definition that points into one service. */
interface OfService {
  readonly service: ServiceName;
  readonly key?: string;
  readonly value?: unknown;
  readonly between?: readonly unknown[];
  readonly is?: readonly unknown[];
  readonly or?: unknown;
  readonly rows?: readonly string[];
  readonly line?: string;
}

const isOfService = (node: object): node is OfService =>
  "service" in node && (SERVICES as readonly unknown[]).includes(node.service);

function wrongInService({ service, key, rows = [], line, ...rest }: OfService, path: readonly PropertyKey[]): string[] {
  const found: string[] = [];
  if (key !== undefined) {
    const def = keyDef(service, named(key));
    if (def === undefined)
      found.push(`${placeOf([...path, "key"])}: ${unknownIn(service, "key", key, keysOf(service))}`);
    else found.push(...wrongValues(def, rest, path));
  }
  const known = rowNames(service);
  rows.forEach((row, i) => {
    if (!known.includes(row))
      found.push(`${placeOf([...path, "rows", i])}: ${unknownIn(service, "metrics row", row, known)}`);
  });
  const lines = logConditions[service].map(({ code }) => code);
  if (line !== undefined && !lines.includes(line)) {
    found.push(`${placeOf([...path, "line"])}: ${unknownIn(service, "log line", line, lines)}`);
  }
  return found;
}

/** The rows of a service, and the names that stand for one row per host. */
function rowNames(service: ServiceName): string[] {
  const names = metricRows[service].map(({ name }) => name);
  return [...new Set([...names, ...names.map((name) => name.replace(/\{web-\d\}$/, "{host}"))])];
}

const unknownIn = (service: ServiceName, what: string, name: string, known: readonly string[]): string =>
  `${service} has no ${what} ${quoted(name)}.${didYouMean(name, known) || ` There are: ${known.join(", ")}.`}`;

/** Values that the key would not take, wherever the definition gives some. */
function wrongValues(
  def: KeyDef,
  given: Pick<OfService, "value" | "between" | "is" | "or">,
  path: readonly PropertyKey[],
): string[] {
  const values: [value: unknown, field: PropertyKey[]][] = [];
  const { value, between = [], is = [], or } = given;
  const drawn = value as { one_of?: readonly unknown[]; between?: readonly unknown[] } | undefined;
  if (typeof drawn === "object") {
    for (const name of ["one_of", "between"] as const) {
      drawn[name]?.forEach((one, i) => values.push([one, ["value", name, i]]));
    }
  } else if (value !== undefined) values.push([value, ["value"]]);
  between.forEach((one, i) => values.push([one, ["between", i]]));
  is.forEach((one, i) => values.push([one, ["is", i]]));
  if (or !== undefined) values.push([or, ["or"]]);
  return values
    .filter(([one]) => !takes(def, one))
    .map(([one, field]) => `${placeOf([...path, ...field])}: expected ${wantedBy(def)}; got ${quoted(one)}.`);
}

function takes(def: KeyDef, value: unknown): boolean {
  if (def.kind === "number") return typeof value === "number" && value >= def.min && value <= def.max;
  if (def.kind === "choice") return def.choices.includes(value as string);
  return typeof value === (def.kind === "flag" ? "boolean" : "string");
}

function wantedBy(def: KeyDef): string {
  if (def.kind === "number") return `a number from ${def.min} to ${def.max}`;
  if (def.kind === "choice") return def.choices.map((choice) => quoted(choice)).join(" or ");
  return def.kind === "flag" ? "true or false" : `the name of a ${def.of}`;
}

/** `<role>` in text stands for a name that the seed draws. */
function wrongNames(text: string, path: readonly PropertyKey[]): string[] {
  const known = Object.keys(ROLE_NAMES);
  return [...text.matchAll(ROLE)]
    .filter(([, role = ""]) => !known.includes(role))
    .map(([, role = ""]) => {
      const help = didYouMean(role, known) || ` There are: ${known.join(", ")}.`;
      return `${placeOf(path)}: the seed draws no name <${role}>.${help}`;
    });
}
