import { llmKind } from "../agents/index.ts";
import { PROFILES_VERSION } from "../agents/llm/profiles.ts";
import type { Profile } from "../agents/llm/profiles.ts";
import { UsageError } from "./errors.ts";
import { ModelEntry, selectModels } from "./provider/config.ts";
import type { NamedModel, OncallConfig } from "./provider/config.ts";
import { deploymentOf } from "./provider/read-policy.ts";
import { newVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** Which models play, and how. */
export interface ModelChoice {
  readonly config: OncallConfig;
  /** Models or groups for profiles that name none: `A,B,GROUP`. */
  readonly models?: string | undefined;
  /** Replaces what the configuration says of every model. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Whether replies are repaired, and the runbook steps in. */
  readonly assisted: boolean;
}

/** What the label of an assisted variant ends in. */
const ASSISTED = "+assist";

/** One variant for each model that is named, by itself or as a group. */
export function llmVariants(profile: Profile, named: string | null, choice: ModelChoice): Variant[] {
  const list = named ?? choice.models;
  if (list === undefined) {
    throw new UsageError(`${profile.name} needs a model.`, `--agents ${profile.name}:MODEL, or --models A,B`);
  }
  return modelsNamed(list, choice).map((model) => llmVariant(profile, model, choice.assisted));
}

function llmVariant(profile: Profile, model: NamedModel, assisted: boolean): Variant {
  const { name, entry } = model;
  const identity = {
    label: `${profile.name}:${name}${assisted ? ASSISTED : ""}`,
    kind: "llm",
    harness: profile.name,
    harnessVersion: PROFILES_VERSION,
    promptSha256: profile.promptSha256,
    assisted,
    model: entry.model,
    modelVersion: entry.model_version,
    provider: entry.provider,
    baseUrlHost: new URL(entry.base_url).hostname,
    engineName: entry.engine_name,
    engineVersion: entry.engine_version,
    hardware: entry.hardware,
    quantization: entry.quantization,
    contextTokens: entry.context_tokens,
    deployment: deploymentOf(entry),
    sampling: samplingOf(entry),
  } as const;
  return newVariant(llmKind(profile, assisted), identity, model);
}

/** What is asked of the model besides messages and tools; what is left out is the server's own default. */
const samplingOf = ({ temperature, top_p, max_output_tokens, reasoning, extra_body }: ModelEntry) =>
  Object.fromEntries(
    Object.entries({ temperature, top_p, max_output_tokens, reasoning, extra_body }).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** Stands for every model of the configuration, unless that has one of this name. */
const EVERY = "all";

/** Models of the configuration with what the command line says of them; with an address, also those it does not have. */
export function modelsNamed(
  list: string,
  { config, overrides }: Pick<ModelChoice, "config" | "overrides">,
): NamedModel[] {
  const { base_url: address } = overrides;
  const isUnknown = !Object.hasOwn(config.models, list) && !Object.hasOwn(config.groups, list);
  if (list === EVERY && isUnknown) return modelsNamed(Object.keys(config.models).join(","), { config, overrides });
  const models =
    address !== undefined && isUnknown ? [{ name: list, entry: { model: list } }] : selectModels(config, list);
  return models.map(({ name, entry }) => ({ name, entry: overridden(name, { ...entry, ...overrides }) }));
}

function overridden(name: string, entry: Readonly<Record<string, unknown>>): ModelEntry {
  const parsed = ModelEntry.safeParse(entry);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`Model "${name}": ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}.`);
}
