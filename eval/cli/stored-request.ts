import { z } from "zod";
import { canonicalJson } from "../../env/store/canonical.ts";
import { checked } from "../json-file.ts";
import { agentOptionSchemas } from "./agent-options.ts";
import type { GivenOptions } from "./agent-options.ts";
import { CHOICES, planOptions, withMatrix, withPreset } from "./plan-options.ts";
import type { PlanOptions } from "./plan-options.ts";

/**
 * What a run keeps of the flags that it was started with, so that it can be taken up again without them: by attribute
 * name, the preset and the matrix spelt out. It holds no secret: keys are named by their variables, the salt is left out.
 */
export const StoredRequest = z.strictObject({
  ...Object.fromEntries(
    planOptions.flatMap(({ option, stored }) => (stored === null ? [] : [[option.attributeName(), stored.optional()]])),
  ),
  ...agentOptionSchemas,
});
export type StoredRequest = z.output<typeof StoredRequest>;

/** @throws UsageError for a matrix that cannot be read */
export function storedRequest(given: PlanOptions): StoredRequest {
  const options: Readonly<Record<string, unknown>> = withMatrix(withPreset(given));
  const kept = Object.keys(StoredRequest.shape).filter((name) => options[name] !== undefined);
  return checked(Object.fromEntries(kept.map((name) => [name, options[name]])), StoredRequest, "The command line");
}

/**
 * The options that a stored request stands for; the salt is the environment's, as it is not stored.
 * @throws UsageError for a request that no version of this program has stored
 */
export const requestFromStored = (stored: unknown, salt = process.env["ONCALL_SEED_SALT"]): GivenOptions => ({
  ...checked(stored, StoredRequest, "What the run was started with"),
  ...(salt === undefined ? {} : { salt }),
});

/**
 * What a run is asked for when a command line adds to it: all that is stored, then each of that with what was given in
 * its place. Naming agents, or choosing tasks, replaces that part of a request; the rest stays.
 * @throws UsageError for a matrix that cannot be read, and for stored requests that are none
 */
export function amendment(stored: readonly unknown[], given: PlanOptions): StoredRequest[] {
  const requests = stored.map((request) => checked(request, StoredRequest, "What the run was started with"));
  const added = storedRequest(given);
  const replaced = [WHO, WHAT].filter((part) => part.some((name) => Object.hasOwn(added, name))).flat();
  const kept = (request: StoredRequest) => Object.entries(request).filter(([name]) => !replaced.includes(name));
  return distinct([...requests, ...requests.map((request) => ({ ...Object.fromEntries(kept(request)), ...added }))]);
}

/** Options that say together who plays, and those that choose tasks. */
const WHO: readonly string[] = ["agents", "models", "matrix"] satisfies (keyof PlanOptions)[];
const WHAT: readonly string[] = CHOICES;

const distinct = (requests: readonly StoredRequest[]): StoredRequest[] => [
  ...new Map(requests.map((request) => [canonicalJson(request), request])).values(),
];
