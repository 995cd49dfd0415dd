import type { AgentKind } from "../agents/index.ts";
import { variantId } from "../env/store/identity.ts";
import type { VariantIdentity } from "../env/store/store.ts";
import type { NamedModel } from "./provider/config.ts";

/** One who plays in a run: the agent, and the identity under which its results are kept apart. */
export interface Variant {
  readonly id: string;
  readonly label: string;
  readonly agent: AgentKind;
  readonly identity: VariantIdentity;
  /** Whom it asks; null for one that asks no model of ours. */
  readonly model: NamedModel | null;
}

export const newVariant = (agent: AgentKind, identity: VariantIdentity, model: NamedModel | null = null): Variant => ({
  id: variantId(identity),
  label: identity.label,
  agent,
  identity,
  model,
});
