import { agentKinds } from "../agents/index.ts";
import type { AgentKind } from "../agents/index.ts";
import { didYouMean } from "../env/core/suggest.ts";
import { ENV_VERSION } from "../env/core/version.ts";
import { variantId } from "../env/store/identity.ts";
import type { VariantIdentity } from "../env/store/store.ts";
import { UsageError } from "./errors.ts";

/** One who plays in a run: the agent, and the identity under which its results are kept apart. */
export interface Variant {
  readonly id: string;
  readonly label: string;
  readonly agent: AgentKind;
  readonly identity: VariantIdentity;
}

/**
 * Reads `random,runbook,expert`.
 * @throws UsageError for an agent that does not exist, or one named twice
 */
export function readVariants(text: string): Variant[] {
  const names = text.split(",").map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`Agent "${twice}" is named twice.`);
  return names.map(variantOf);
}

function variantOf(name: string): Variant {
  const known = agentKinds.map((kind) => kind.name);
  const agent = agentKinds.find((kind) => kind.name === name);
  if (agent === undefined) {
    throw new UsageError(`Unknown agent "${name}".${didYouMean(name, known)} Agents: ${known.join(", ")}.`);
  }
  const identity: VariantIdentity = {
    label: name,
    kind: agent.kind,
    harness: "oncall-gym",
    harnessVersion: ENV_VERSION,
    assisted: false,
    sampling: {},
  };
  return { id: variantId(identity), label: name, agent, identity };
}
