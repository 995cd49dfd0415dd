import { isKnown, nothing, reading } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** Far more than the arguments of any action. */
const LONGEST_ARGUMENTS = 32_768;

/**
 * Reads a call: a name, and arguments as an object or as JSON text of one. No arguments are an empty object, an argument
 * that is null is an absent one, and text of JSON text is read twice, as some servers write it.
 */
export function callAction(name: string, given: unknown): Reading {
  const args = argumentsOf(given);
  if (args === null) return nothing("bad_json");
  const type = plainName(name);
  if (Object.hasOwn(args, "type") && plainName(String(args.type)) !== type) return nothing("schema");
  const fields = Object.entries(args).filter(([key, value]) => key !== "type" && value !== null);
  return reading({ type, ...Object.fromEntries(fields) });
}

/** Without the namespace that some servers put before it: `functions.inspect_logs`. */
function plainName(name: string): string {
  const last =
    name
      .split(/__|[.:/]/)
      .at(-1)
      ?.trim() ?? "";
  return isKnown(last) ? last : name;
}

/** The arguments as an object; null where there is none to be had. */
export function argumentsOf(given: unknown): Readonly<Record<string, unknown>> | null {
  if (given === null || given === undefined || given === "") return {};
  if (typeof given === "object") return Array.isArray(given) ? null : (given as Record<string, unknown>);
  if (typeof given !== "string" || given.length > LONGEST_ARGUMENTS) return null;
  try {
    return argumentsOf(JSON.parse(given));
  } catch {
    return null;
  }
}
