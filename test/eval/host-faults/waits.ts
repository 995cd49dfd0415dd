import { parseConfig } from "../../../eval/provider/config.ts";
import type { OncallConfig } from "../../../eval/provider/config.ts";
import type { ScriptInput } from "../../../eval/mock-provider/script.ts";
import type { PartialPolicy } from "../../../eval/provider/policy.ts";
import { oneModel } from "./place.ts";

/** What brings a wait about: a policy, and what the first requests meet. */
export interface WaitCase {
  readonly policy: PartialPolicy;
  readonly script: ScriptInput;
}

/** Every wait that a call may have to sit out, by its cause. */
export const WAITS = {
  gap: { policy: { min_interval_s: 15 }, script: [] },
  window: { policy: { rate_limit: 2, rate_window_s: 60 }, script: [] },
  breaker: { policy: { breaker_threshold: 1, breaker_pause_s: 60 }, script: ["status-500"] },
  retry_after: { policy: {}, script: [{ do: "status", status: 429, headers: { "retry-after": "40" } }] },
  backoff: { policy: {}, script: ["status-500 x4"] },
} as const satisfies Readonly<Record<string, WaitCase>>;

export type WaitName = keyof typeof WAITS;
export const WAIT_NAMES = Object.keys(WAITS) as readonly WaitName[];

/** A model whose provider is treated so; of its own accord nothing waits. */
export const modelsFor = (baseUrl: string, policy: PartialPolicy): OncallConfig =>
  parseConfig(JSON.stringify(oneModel(baseUrl, policy)), "test");
