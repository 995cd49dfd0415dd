import { ACTION_TYPES, parseAction } from "../../env/contract/index.ts";
import type { InvalidReason } from "../agent.ts";

/** What a reply comes to. */
export interface Reading {
  /** The action, as the environment takes it; null: nothing usable. */
  readonly action: unknown;
  /** Why it is no valid action, as far as can be told without the environment; null: it is one. */
  readonly reason: InvalidReason | null;
  /** Actions beyond the first. */
  readonly extraCalls: number;
}

export const nothing = (reason: InvalidReason): Reading => ({ action: null, reason, extraCalls: 0 });

/** An action that was understood as far as its form goes, held against the catalogue. */
export function reading(action: string | { readonly type: string }): Reading {
  if (parseAction(action).ok) return { action, reason: null, extraCalls: 0 };
  const name = typeof action === "string" ? action.slice(0, action.indexOf("(")).trim() : action.type;
  return { action, reason: isKnown(name) ? "schema" : "unknown_tool", extraCalls: 0 };
}

/** Whether the catalogue has an action of that name. */
export const isKnown = (name: string): boolean => (ACTION_TYPES as readonly string[]).includes(name);
