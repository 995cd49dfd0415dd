import { agentFamilies, agentKinds } from "../agents/index.ts";
import { profileNamed } from "../agents/llm/profiles.ts";
import { didYouMean } from "../env/core/suggest.ts";
import { ENV_VERSION } from "../env/core/version.ts";
import { agentAlias } from "./agent-names.ts";
import { commandVariant } from "./command-variants.ts";
import type { CommandSources } from "./command-variants.ts";
import { UsageError } from "./errors.ts";
import { llmVariants } from "./llm-variants.ts";
import type { ModelChoice } from "./llm-variants.ts";
import { rlVariant } from "./rl-variants.ts";
import { newVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

export type { Variant } from "./variant.ts";

/** Where models and programs come from. */
export type AgentSources = ModelChoice & CommandSources;

/**
 * Reads `random,tools:gpt,react,command:coder`. A profile without a model is one variant for each of `--models`.
 * @throws UsageError for an agent, model or program that does not exist, or one named twice
 */
export function readVariants(text: string, sources: AgentSources | null = null): Variant[] {
  const variants = text.split(",").flatMap((name) => variantsOf(name.trim(), sources));
  const labels = variants.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new UsageError(`Agent "${twice}" is named twice.`);
  if (sources?.models !== undefined && variants.every(({ model }) => model === null)) {
    throw new UsageError("--models names models, and no agent asks one.", "--agents tools");
  }
  return variants;
}

function variantsOf(name: string, sources: AgentSources | null): Variant[] {
  const alias = agentAlias(name);
  if (alias !== null) {
    return variantsOf(alias.agent, sources === null || !alias.assisted ? sources : { ...sources, assisted: true });
  }
  const shipped = agentKinds.find((kind) => kind.name === name);
  if (shipped !== undefined) return [shippedVariant(shipped)];
  const [family = "", ...rest] = name.split(":");
  const of = rest.length === 0 ? null : rest.join(":");
  const profile = profileNamed(family);
  if (profile !== null && sources !== null) return llmVariants(profile, of, sources);
  if (family === "command" && of !== null && sources !== null) return [commandVariant(of, sources)];
  if (family === "rl" && of !== null) return [rlVariant(of)];
  const known = [...agentKinds, ...agentFamilies].map((kind) => kind.name);
  throw new UsageError(`Unknown agent "${name}".${didYouMean(name, known)} Agents: ${known.join(", ")}.`);
}

const shippedVariant = (agent: (typeof agentKinds)[number]): Variant =>
  newVariant(agent, {
    label: agent.name,
    kind: agent.kind,
    harness: "oncall-gym",
    harnessVersion: ENV_VERSION,
    assisted: false,
    sampling: {},
  });
