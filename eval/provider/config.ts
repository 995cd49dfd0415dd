import { existsSync } from "node:fs";
import { z } from "zod";
import { didYouMean } from "../../env/core/suggest.ts";
import { UsageError } from "../errors.ts";
import { parseJson, readJsonFile } from "../json-file.ts";
import { DEPLOYMENTS, PartialPolicy } from "./policy.ts";
import { PriceEntry } from "./price.ts";
import { REASONING_MODES } from "./reasoning.ts";

/** Where the configuration is read from unless `--config` says otherwise. */
export const CONFIG_FILE = "oncall.config.json";

const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "expected up to 64 letters, digits or any of ._- and a letter or digit first");
const label = z.string().min(1).max(200);
const variableName = z.string().regex(/^[A-Za-z_]\w{0,127}$/, "expected the name of an environment variable");

/** An address that can be shown and hashed: what is secret in a URL would end up in logs. */
const BaseUrl = z.url({ protocol: /^https?$/, error: "expected an http or https address" }).refine((text) => {
  const { username, password, search, hash } = new URL(URL.canParse(text) ? text : "http://no.address");
  return `${username}${password}${search}${hash}` === "";
}, "expected no user, password, query or fragment; a key belongs in the variable that api_key_env names");

/** Sent with every request besides messages and tools; what the harness itself sets cannot be overridden. */
const OWN_FIELDS = ["model", "messages", "tools", "stream", "n", "max_tokens", "max_completion_tokens"] as const;
const ExtraBody = z
  .record(z.string(), z.json())
  .refine((body) => OWN_FIELDS.every((field) => !Object.hasOwn(body, field)), {
    message: `expected none of ${OWN_FIELDS.join(", ")}, which the harness sets`,
  });

/** A model as it is called, and what distinguishes it from the same weights elsewhere. */
export const ModelEntry = z.strictObject({
  /** The provider's name for it. */
  model: label,
  /** Of OpenAI's Chat Completions; `/chat/completions` is appended. */
  base_url: BaseUrl,
  /** Which variable holds the key; without one no key is sent. */
  api_key_env: variableName.optional(),
  /** Decides the preset of the policy; `local` for this machine's own addresses when absent. */
  deployment: z.enum(DEPLOYMENTS).optional(),
  provider: label.optional(),
  model_version: label.optional(),
  engine_name: label.optional(),
  engine_version: label.optional(),
  hardware: label.optional(),
  quantization: label.optional(),
  context_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  max_output_tokens: z.int().min(1).optional(),
  /** Whether the model is asked to think before it answers; absent: the server's own default. */
  reasoning: z.enum(REASONING_MODES).optional(),
  extra_body: ExtraBody.optional(),
  policy: PartialPolicy.optional(),
});
export type ModelEntry = z.output<typeof ModelEntry>;

/** An external program that plays. */
export const CommandEntry = z.strictObject({
  argv: z.array(z.string().min(1)).min(1),
  version: label,
  timeout_s: z.number().gt(0).max(86_400).optional(),
  /** Variables that the program gets besides the harness's own. */
  env: z.array(variableName).optional(),
});
export type CommandEntry = z.output<typeof CommandEntry>;

export const OncallConfig = z.strictObject({
  models: z.record(name, ModelEntry).default({}),
  groups: z.record(name, z.array(name).min(1)).default({}),
  commands: z.record(name, CommandEntry).default({}),
  prices: z.array(PriceEntry).default([]),
  /** For every model that does not say otherwise. */
  policy: PartialPolicy.optional(),
});
export type OncallConfig = z.output<typeof OncallConfig>;

/**
 * The configuration file; an absent one that nobody asked for is an empty configuration.
 * @throws UsageError naming the file and each wrong field
 */
export function readConfigFile(path?: string): OncallConfig {
  const file = path ?? CONFIG_FILE;
  if (path === undefined && !existsSync(file)) return OncallConfig.parse({});
  return withGroups(readJsonFile(file, OncallConfig), file);
}

/** @throws UsageError naming the source and each wrong field */
export const parseConfig = (text: string, source: string): OncallConfig =>
  withGroups(parseJson(text, OncallConfig, source), source);

/** A model with the name that it has in the configuration. */
export interface NamedModel {
  readonly name: string;
  readonly entry: ModelEntry;
}

/**
 * The models of `A,B,GROUP`, each once, in the order named.
 * @throws UsageError for a name that is neither a model nor a group
 */
export function selectModels(config: OncallConfig, list: string): NamedModel[] {
  const wanted = list.split(",").map((one) => one.trim());
  const names = new Set(wanted.flatMap((one) => membersOf(config, one)));
  return [...names].map((one) => ({ name: one, entry: config.models[one] as ModelEntry }));
}

function membersOf({ models, groups }: OncallConfig, wanted: string): readonly string[] {
  if (Object.hasOwn(models, wanted)) return [wanted];
  if (Object.hasOwn(groups, wanted)) return groups[wanted] as readonly string[];
  const known = [...Object.keys(models), ...Object.keys(groups)];
  const choice = known.length === 0 ? ` The configuration names none: add it to ${CONFIG_FILE}.` : "";
  throw new UsageError(
    `Unknown model "${wanted}".${didYouMean(wanted, known)}${choice || ` Known: ${known.join(", ")}.`}`,
  );
}

/** A configuration whose groups hold models that it has. */
function withGroups(config: OncallConfig, source: string): OncallConfig {
  const { models, groups } = config;
  for (const [group, members] of Object.entries(groups)) {
    if (Object.hasOwn(models, group)) throw new UsageError(`${source}: "${group}" names a model and a group.`);
    const stranger = members.find((member) => !Object.hasOwn(models, member));
    if (stranger === undefined) continue;
    throw new UsageError(
      `${source}: groups.${group} has no model "${stranger}".${didYouMean(stranger, Object.keys(models))}`,
    );
  }
  return config;
}
