import type { Entry } from "../entry.ts";
import { when } from "./rule.ts";
import type { Rule } from "./rule.ts";

/** Who played. */
export const identityRules: readonly Rule[] = [
  {
    code: "L07",
    wants: "one returned model throughout, or a stated model version",
    failures: ({ entry }) => modelFailures(entry),
  },
  {
    code: "L08",
    wants: "a complete identity and a clean git tree",
    failures: ({ entry }) => identityFailures(entry),
  },
];

function modelFailures({ variant, calls }: Entry): string[] {
  if (variant.kind !== "llm" || variant.modelVersion !== null) return [];
  const answered = calls.filter(({ state }) => state === "ok");
  const names = new Set(answered.map(({ modelReturned }) => modelReturned));
  if (names.size === 1 && !names.has(null)) return [];
  const came = [...names].map((name) => name ?? "no name").join(", ");
  return [`The provider returned ${came === "" ? "nothing that was stored" : came}, and no model_version is stated.`];
}

function identityFailures({ run, variant }: Entry): string[] {
  const isModel = variant.kind === "llm";
  const isLocal = isModel && variant.deployment === "local";
  return [
    ...when(variant.harnessVersion === "", "The harness has no version."),
    ...when(isModel && variant.promptSha256 === null, "The hash of the prompts is missing."),
    ...when(isModel && variant.deployment === null, "It does not say where the model runs."),
    ...when(isLocal && variant.engineName === null, "The engine of a local model is missing: --engine-name."),
    ...when(isLocal && variant.hardware === null, "The hardware of a local model is missing: --hardware."),
    ...when(run.gitCommit === null, "The git commit is not known."),
    ...when(run.gitDirty === true, "The git tree had changes that are in no commit."),
  ];
}
